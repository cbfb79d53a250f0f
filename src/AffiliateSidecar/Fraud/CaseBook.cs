using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>
/// Turns what a scan has found into cases and messages. What may still be sent follows from the stored scans and cases, so that a restart, another node
/// or a second scan of the same day changes nothing.
/// </summary>
sealed class CaseBook(Database database, FraudSettings settings, TimeProvider clock)
{
    public static readonly TimeSpan HoldTime = TimeSpan.FromDays(30), ToleranceTime = TimeSpan.FromDays(90);

    // Nobody is told again for twice as little as this, in minor units.
    const long LeastTold = 1000;
    const string LockName = "fraud-cases";

    public async Task<DateTimeOffset?> LastRunAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        return await db.FraudScans.OrderByDescending(s => s.Day).Select(s => (DateTimeOffset?)s.RanAt).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Which partner is not asked about which family at that time.</summary>
    public async Task<IReadOnlySet<(int, string)>> TolerancesAsync(DateTimeOffset at, CancellationToken cancel)
    {
        var (from, to) = (UnixTime.Truncate(at), UnixTime.Truncate(at + ToleranceTime));
        await using var db = database.Open();
        return (await db.FraudTolerances.Where(t => t.Until > from && t.Until <= to).ToListAsync(cancel)).Select(t => (t.PartnerId, t.Family)).ToHashSet();
    }

    public Task<ScanResult> StoreAsync(Look look, CancellationToken cancel) => database.WriteAsync(async (db, token) =>
    {
        // Every scan waits here for the one before, on one node and on a cluster, and then sees what it has stored.
        if (await db.Settings.Where(s => s.Name == LockName).Set(s => s.Value, s => s.Value == "0" ? "1" : "0").UpdateAsync(token) == 0)
            await db.InsertAsync(new SettingRow { Name = LockName, Value = "0" }, token: token);
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var plan = await PlanAsync(db, look, now, isReplay: false, token);
        foreach (var row in plan.Opened)
            await db.InsertAsync(row, token: token);
        foreach (var row in plan.Changed)
            await db.UpdateAsync(row, token: token);
        await db.InsertManyAsync([.. plan.Opened.Select(c => new AuditRow
        {
            At = now, Actor = CaseMoney.Scan, Action = "fraud.alert", Subject = c.Id,
            Detail = $"{PublicId.Of(PublicId.Partner, c.PartnerId)}: {c.Reasons}{(c.HeldUntil is null ? "" : "; its pending commissions are held")}",
        })], token);
        var scan = new FraudScanRow
        {
            Day = look.Day.DayNumber, RanAt = now, Partners = look.Figures.Partners.Count, Suspicious = plan.Result.Suspicions.Count, Messages = plan.Told + plan.Result.Messages,
            ExpectedFalse = plan.Result.ExpectedFalse, Slots = plan.Result.Slots,
        };
        await db.InsertOrReplaceAsync(scan, token: token);
        return plan.Result with { IsStored = true };
    }, cancel);

    /// <summary>The same without storing anything, with the cases that were there at that time.</summary>
    public async Task<ScanResult> WeighAsync(Look look, CancellationToken cancel)
    {
        await using var db = database.Open();
        return (await PlanAsync(db, look, new(look.Day.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), isReplay: true, cancel)).Result;
    }

    /// <param name="Told">Messages of the day that had been sent before.</param>
    sealed record Plan(ScanResult Result, IReadOnlyList<FraudCaseRow> Opened, IReadOnlyList<FraudCaseRow> Changed, int Told);

    async Task<Plan> PlanAsync(SidecarDb db, Look look, DateTimeOffset now, bool isReplay, CancellationToken cancel)
    {
        var day = look.Day.DayNumber;
        // A clock that was set back must not open a case twice, so the later ones are known too.
        var rows = await db.FraudCases.Where(c => !isReplay || c.Day < day).OrderBy(c => c.OpenedAt).ThenBy(c => c.Id).ToListAsync(cancel);
        var open = rows.Where(c => c.Status == CaseStatus.Open || isReplay && c.ResolvedAt > now).ToDictionary(c => c.PartnerId);
        var proven = rows.Where(c => c.Verdict == CaseVerdict.Fraud && c.ResolvedAt > now - ToleranceTime && c.ResolvedAt <= now).GroupBy(c => c.PartnerId).ToDictionary(g => g.Key, g => g.Last());
        var told = rows.Where(c => c.ToldDay == day).Select(c => c.Message).Distinct().Count();
        var last = await db.FraudScans.Where(s => s.Day < day).OrderByDescending(s => s.Day).FirstOrDefaultAsync(cancel);
        var desk = last is null ? new AlertDesk() : new AlertDesk(last.Slots);
        desk.Wait(last is null ? 1 : day - last.Day);
        desk.Spend(told);

        // Nobody is told of whom he has sent away himself.
        string[] away = [PartnerStatus.Suspended, PartnerStatus.Rejected, PartnerStatus.Erased];
        var gone = (await db.Partners.Where(p => away.Contains(p.Status)).Select(p => p.Id).ToListAsync(cancel)).ToHashSet();
        var figures = look.Figures.Partners.ToDictionary(p => p.PartnerId);
        var seen = look.Risks.Where(r => !gone.Contains(r.PartnerId)).Select(r => new Seen(r, open.GetValueOrDefault(r.PartnerId), proven.GetValueOrDefault(r.PartnerId), figures[r.PartnerId], look)).ToList();
        var messages = desk.Choose(look.Day, [.. seen.Where(s => s.IsNews).Select(s => s.Risk)]);

        var (opened, changed) = (new Dictionary<int, FraudCaseRow>(), new Dictionary<int, FraudCaseRow>());
        foreach (var s in seen.Where(s => s.Case is not null && s.Updated(look.Day) != s.Case))
            changed[s.PartnerId] = s.Updated(look.Day);
        foreach (var message in messages)
        {
            string? name = null;
            foreach (var s in message.Partners.Select(r => seen.Single(x => x.PartnerId == r.PartnerId)).OrderBy(s => s.Case is null))
            {
                // Whoever is found to belong to a ring that was told of joins its case.
                name ??= s.Case?.Message ?? s.Risk.Ring.Select(r => open.GetValueOrDefault(r)?.Message).FirstOrDefault(m => m is not null);
                if (s.Case is not null)
                    changed[s.PartnerId] = s.Updated(look.Day).ToldNow(look.Day);
                else
                    opened[s.PartnerId] = s.Opened(PublicId.New(PublicId.Alert, now), name, now, settings.Hold ? now + HoldTime : null);
                name ??= opened[s.PartnerId].Message;
            }
        }
        var suspicions = seen.Where(s => s.Risk.IsAlert).Select(s => new Suspicion(look.Partners[s.PartnerId], s.Risk, s.Stake,
                opened.ContainsKey(s.PartnerId) ? SuspicionState.New : changed.TryGetValue(s.PartnerId, out var c) && c.Told > s.Case!.Told ? SuspicionState.Grown : s.IsNews ? SuspicionState.Waiting : SuspicionState.Known,
                opened.TryGetValue(s.PartnerId, out var o) ? isReplay ? null : o.Id : s.Case?.Id ?? s.Proven?.Id))
            .OrderByDescending(s => s.Stake.Minor).ThenByDescending(s => s.Risk.Risk).ThenBy(s => s.Partner.Id).ToList();
        return new(new(look, false, suspicions, messages.Count, desk.Slots, suspicions.Sum(s => 1 - s.Risk.Risk)), [.. opened.Values], [.. changed.Values], told);
    }

    /// <summary>One partner's risk beside what the owner knows of him.</summary>
    sealed class Seen
    {
        readonly IReadOnlyList<SignalFinding> findings;
        readonly Look look;

        public Seen(PartnerRisk risk, FraudCaseRow? known, FraudCaseRow? proven, PartnerFigures figures, Look look)
        {
            (Case, Proven, this.look) = (known, proven, look);
            findings = CaseEvidence.Merge(known is null ? [] : CaseEvidence.Read(known), risk.Findings);
            // What was found stays with an open case, also when it may not be told of again.
            Risk = known is null ? risk : Detector.Judge(risk.PartnerId, findings, look.Thresholds, risk.Program);
            IsSeenToday = risk.Suspicions.Any();
            Stake = Stake.Of(Risk, figures, look.Day);
        }

        public int PartnerId => Risk.PartnerId;

        public PartnerRisk Risk { get; }

        public FraudCaseRow? Case { get; }

        /// <summary>Found out already.</summary>
        public FraudCaseRow? Proven { get; }

        public Stake Stake { get; }

        bool IsSeenToday { get; }

        public bool IsNews => Risk.IsAlert && (Case ?? Proven) switch
        {
            null => true,
            var known => known.ToldDay < look.Day.DayNumber && IsSeenToday
                && (Stake.Minor >= 2 * Math.Max(known.ToldMinor, LeastTold) || Risk.Families.Except(known.ToldFamilies.Split(' ')).Any()),
        };

        public FraudCaseRow Updated(DateOnly day) => Case! with
        {
            EvidenceDay = IsSeenToday ? day.DayNumber : Case.EvidenceDay, Risk = Risk.Risk, MoneyMinor = Stake.Minor, NextMinor = Stake.NextMinor, Reasons = Words(Risk.Reasons),
            Evidence = CaseEvidence.Write(findings),
        };

        public FraudCaseRow Opened(string id, string? message, DateTimeOffset now, DateTimeOffset? heldUntil) => new()
        {
            Id = id, PartnerId = PartnerId, Message = message ?? id, Status = CaseStatus.Open, OpenedAt = now, Day = look.Day.DayNumber, EvidenceDay = look.Day.DayNumber,
            Risk = Risk.Risk, MoneyMinor = Stake.Minor, NextMinor = Stake.NextMinor, Currency = look.Figures.Currency, Told = 1, ToldDay = look.Day.DayNumber, ToldMinor = Stake.Minor,
            ToldFamilies = Words(Risk.Families.Order(StringComparer.Ordinal)), Reasons = Words(Risk.Reasons), Evidence = CaseEvidence.Write(findings), HeldUntil = heldUntil,
        };
    }

    /// <summary>As many as the column takes.</summary>
    internal static string Words(IEnumerable<string> words)
    {
        var text = "";
        foreach (var word in words)
            if (text.Length + word.Length < 1000)
                text += text.Length == 0 ? word : " " + word;
        return text;
    }
}

static class SuspicionState
{
    public const string New = "new", Grown = "grown", Known = "known", Waiting = "waiting";
}

static class Telling
{
    /// <summary>The owner is told of the case as it is now.</summary>
    public static FraudCaseRow ToldNow(this FraudCaseRow row, DateOnly day) => row with
    {
        Told = row.Told + 1, ToldDay = day.DayNumber, ToldMinor = row.MoneyMinor,
        ToldFamilies = CaseBook.Words(CaseEvidence.Read(row).Where(f => f.IsSuspicious).Select(f => f.Family).Distinct().Order(StringComparer.Ordinal)),
    };
}
