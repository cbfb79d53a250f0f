using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Fraud;

/// <summary>All signals over one period. A signal that fails is left out and named; the others go on.</summary>
sealed partial class FraudReport(Database database, IEnumerable<IFraudSignal> signals, FraudQuality quality, ILogger<FraudReport> log)
{
    public sealed record Result(ProgramFigures Figures, IReadOnlyDictionary<int, LagQuantiles> Lags, IReadOnlyList<PartnerRisk> Risks, IReadOnlyList<string> SkippedSignals);

    public async Task<Result> RunAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        await using var db = database.Open();
        var history = await FraudData.HistoryAsync(db, cancel);
        await foreach (var day in FraudData.DaysAsync(database, history, DateOnly.FromDateTime(from.UtcDateTime), DateOnly.FromDateTime(to.UtcDateTime.AddTicks(-1)), isReplay: false, cancel))
            history.Add(day);
        var figures = history.Figures();
        var (whole, skipped) = Working(figures);
        return new(figures, (await Lags.LoadAsync(db, from, to, cancel)).ByPartner, Detector.Evaluate(figures, whole, (await quality.ThresholdsAsync(cancel)).InForce), skipped);
    }

    /// <summary>The signals that answer, with their answers.</summary>
    public (IReadOnlyList<IFraudSignal> Signals, IReadOnlyList<string> Skipped) Working(ProgramFigures figures)
    {
        var known = figures.Partners.Select(p => p.PartnerId).ToHashSet();
        var answers = Detector.SideBySide(signals, s => Answer(s, figures, known));
        return ([.. answers.Select(a => a.Signal).OfType<IFraudSignal>()], [.. answers.Select(a => a.Skipped).OfType<string>()]);
    }

    (IFraudSignal? Signal, string? Skipped) Answer(IFraudSignal signal, ProgramFigures figures, HashSet<int> known)
    {
        var id = signal.GetType().Name;
        try
        {
            id = signal.Id;
            // To the end before anything is kept: half of a signal's findings would be a wrong ranking.
            return (new Answered(id, signal.Family, signal.Evaluate(figures).Where(f => known.Contains(f.PartnerId)).ToList()), null);
        }
#pragma warning disable CA1031 // a signal may be a plugin's: whatever it throws, the report goes on
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogSkipped(e, id);
            return (null, id);
        }
    }

    sealed record Answered(string Id, string Family, IReadOnlyList<Finding> Findings) : IFraudSignal
    {
        public IEnumerable<Finding> Evaluate(ProgramFigures program) => Findings;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The fraud signal {Signal} failed and is left out of the report.")]
    partial void LogSkipped(Exception exception, string signal);
}
