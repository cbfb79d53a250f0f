using AffiliateSidecar.Insights.Segments;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Insights;

/// <summary>After midnight UTC: makes the figures and segments of the day that is over.</summary>
sealed partial class SegmentNights(SegmentRun run, Database database, TimeProvider clock, ILogger<SegmentNights> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    // After the fraud scan, whose reading takes longest.
    static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(40);

    protected override string What => "Making the figures and segments";

    protected override TimeSpan Rest => TimeSpan.FromHours(1);

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        await using var db = database.Open();
        if (now - midnight < AfterMidnight || await db.PartnerFigures.AnyAsync(f => f.Day >= midnight, cancel) || !await db.Partners.AnyAsync(cancel))
            return;
        var result = await run.RunAsync(cancel);
        LogRan(log, result.Partners, result.DaysRead);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Figures and segments of {Partners} partners are made; {Days} days of orders had changed.")]
    static partial void LogRan(ILogger log, int partners, int days);
}
