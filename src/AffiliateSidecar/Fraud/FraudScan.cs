using AffiliateSidecar.Fraud.Signals;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>What a day looks like to all signals, before anything is decided.</summary>
sealed record Look(DateOnly Day, ProgramFigures Figures, IReadOnlyList<PartnerRisk> Risks, IReadOnlyDictionary<int, PartnerIdentity> Partners, IReadOnlyList<string> SkippedSignals,
    string? Shortage, Thresholds Thresholds);

/// <summary>A suspicion, and what became of it.</summary>
/// <param name="State"><c>new</c>: the owner is told now; <c>grown</c>: he is told again; <c>known</c>: he was told; <c>waiting</c>: for a free slot.</param>
/// <param name="CaseId">Null where there is no case, and where nothing is stored.</param>
sealed record Suspicion(PartnerIdentity Partner, PartnerRisk Risk, Stake Stake, string State, string? CaseId);

sealed record ScanResult(Look Look, bool IsStored, IReadOnlyList<Suspicion> Suspicions, int Messages, double Slots, double ExpectedFalse)
{
    /// <summary>Commissions that were held by the scan, and orders whose commission was reversed as the partner's own purchase.</summary>
    public int Held { get; init; }
    public IReadOnlyList<string> OwnPurchases { get; init; } = [];
}

/// <summary>All signals over the last months, as of the end of a day; what they find goes to the owner by <see cref="CaseBook"/>.</summary>
sealed class FraudScan(Database database, FraudReport report, CaseBook book, CaseMoney money, FraudSettings settings, FraudQuality quality, TimeProvider clock) : IDisposable
{
    // What came while the last scan ran is looked at again.
    static readonly TimeSpan Overlap = TimeSpan.FromDays(2);

    // It takes a core and some memory: one at a time is enough.
    readonly SemaphoreSlim turn = new(1);

    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>Scan a day that is over, or today as far as it has come, and act on it. The same day again changes nothing unless something new is known of it.</summary>
    public Task<ScanResult> RunAsync(DateOnly day, CancellationToken cancel) => InTurnAsync(async () =>
    {
        var own = settings.OwnPurchases ? [] : await money.RefuseOwnPurchasesAsync(await book.LastRunAsync(cancel) is { } last ? last - Overlap : DateTimeOffset.UnixEpoch, cancel);
        var result = await book.StoreAsync(await LookAsync(day, isReplay: false, cancel), cancel);
        return result with { Held = await money.HoldAsync(cancel), OwnPurchases = own };
    }, cancel);

    /// <summary>What the scan of a past day would say: with what was known at its end. Nothing is stored.</summary>
    public Task<ScanResult> AsOfAsync(DateOnly day, CancellationToken cancel) =>
        InTurnAsync(async () => await book.WeighAsync(await LookAsync(day, isReplay: true, cancel), cancel), cancel);

    async Task<Look> LookAsync(DateOnly day, bool isReplay, CancellationToken cancel)
    {
        // To make the first query takes longer than to answer it: meanwhile days are read.
        var weighed = Task.Run(async () => (Tolerances: await book.TolerancesAsync(isReplay ? EndOf(day) : clock.GetUtcNow(), cancel), (await quality.ThresholdsAsync(cancel)).InForce), CancellationToken.None);
        await using var db = database.Open();
        var history = await FraudData.HistoryAsync(db, cancel);
        var earliest = day.AddDays(-ProgramHistory.KeptDays);
        var first = await FraudData.FirstDayAsync(db, cancel) is { } known && known <= day ? known : day;
        await foreach (var news in FraudData.DaysAsync(database, history, first > earliest ? first : earliest, day, isReplay, cancel))
            history.Add(news);
        var figures = history.Figures();
        var (signals, skipped) = report.Working(figures);
        if (settings.OwnPurchases)
            signals = [.. signals.Where(s => s.Id != "self-purchase")];
        var active = figures.Partners.Count(p => p.Days.Any(d => d.Clicks > 0));
        var shortage = active >= Peers.Least ? null
            : $"Partners with clicks: {active}. From {Peers.Least} on they can be compared with each other; until then only facts are told of, such as a partner's own purchases.";
        if (shortage is not null)
            signals = [.. signals.Select(s => new FactsOnly(s))];
        var (tolerances, thresholds) = await weighed;
        return new(day, figures, Detector.Evaluate(figures, signals, thresholds, (partner, family) => tolerances.Contains((partner, family))), history.Identities, skipped, shortage, thresholds);
    }

    static DateTimeOffset EndOf(DateOnly day) => new(day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    async Task<ScanResult> InTurnAsync(Func<Task<ScanResult>> scan, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            return await scan();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    sealed record FactsOnly(IFraudSignal Signal) : IFraudSignal
    {
        public string Id => Signal.Id;

        public string Family => Signal.Family;

        public IEnumerable<Finding> Evaluate(ProgramFigures program) => Signal.Evaluate(program).Where(f => f.IsFact);
    }
}
