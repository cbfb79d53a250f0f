using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>How sure the detector must be now, and why.</summary>
/// <param name="Precision">Share of the last verdicts that said fraud; null without any.</param>
sealed record ThresholdsNow(Thresholds InForce, string Why, int Verdicts, double? Precision);

/// <summary>What the detector knows of itself.</summary>
sealed class FraudQuality(Database database, TimeProvider clock)
{
    const int Looked = 20, Least = 5, ShareDays = 30;
    const double Wanted = 0.8, Step = 0.2;

    /// <summary>Who is wrong too often must be surer: for every fifth of the verdicts below four fifths one more.</summary>
    public async Task<ThresholdsNow> ThresholdsAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var verdicts = await db.FraudCases.Where(c => c.Status == CaseStatus.Resolved).OrderByDescending(c => c.ResolvedAt).ThenByDescending(c => c.Id).Take(Looked).Select(c => c.Verdict).ToListAsync(cancel);
        double? precision = verdicts.Count == 0 ? null : (double)verdicts.Count(v => v == CaseVerdict.Fraud) / verdicts.Count;
        var standard = Thresholds.Default;
        if (verdicts.Count < Least)
            return new(standard, $"The standard: {verdicts.Count} verdicts so far, from {Least} on they are heeded.", verdicts.Count, precision);
        if (precision!.Value >= Wanted)
            return new(standard, FormattableString.Invariant($"The standard: {Math.Round(100 * precision.Value)} % of the last {verdicts.Count} verdicts said fraud."), verdicts.Count, precision);
        var more = Math.Ceiling(Math.Round((Wanted - precision.Value) / Step, 6));
        return new(new(standard.Single + more, standard.Together + more),
            FormattableString.Invariant($"Tightened by {more}: only {Math.Round(100 * precision.Value)} % of the last {verdicts.Count} verdicts said fraud, {100 * Wanted} % are wanted."), verdicts.Count, precision);
    }

    public async Task<FraudQualityView> ViewAsync(CancellationToken cancel)
    {
        var thresholds = await ThresholdsAsync(cancel);
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
        await using var db = database.Open();
        var scans = await db.FraudScans.OrderBy(s => s.Day).ToListAsync(cancel);
        var verdicts = await db.FraudCases.Where(c => c.Status == CaseStatus.Resolved).GroupBy(c => c.Verdict).Select(g => new { Verdict = g.Key, Count = g.Count() }).ToListAsync(cancel);
        var lately = scans.Where(s => s.Day > today - ShareDays && s.Suspicious > 0).ToList();
        var desk = scans is [.., { } last] ? new AlertDesk(last.Slots) : new AlertDesk();
        desk.Wait(scans is [.., { } newest] ? Math.Max(0, today - newest.Day) : 0);
        return new()
        {
            Scans = scans.Count,
            LastScanDay = scans.Count == 0 ? null : DateOnly.FromDayNumber(scans[^1].Day),
            LastScanAt = scans.Count == 0 ? null : scans.Max(s => s.RanAt),
            MessagesThisWeek = scans.Where(s => s.Day > today - 7).Sum(s => s.Messages),
            Messages = scans.Sum(s => s.Messages),
            BudgetLeft = (int)(desk.Slots + 1e-9),
            OpenAlerts = await db.FraudCases.CountAsync(c => c.Status == CaseStatus.Open, cancel),
            Fraud = verdicts.SingleOrDefault(v => v.Verdict == CaseVerdict.Fraud)?.Count ?? 0,
            Legitimate = verdicts.SingleOrDefault(v => v.Verdict == CaseVerdict.Legitimate)?.Count ?? 0,
            VerdictsHeeded = thresholds.Verdicts,
            Precision = thresholds.Precision,
            ExpectedFalseShare = lately.Count == 0 ? null : Math.Round(lately.Sum(s => s.ExpectedFalse) / lately.Sum(s => s.Suspicious), 4),
            SingleThreshold = thresholds.InForce.Single,
            TogetherThreshold = thresholds.InForce.Together,
            Why = thresholds.Why,
        };
    }
}
