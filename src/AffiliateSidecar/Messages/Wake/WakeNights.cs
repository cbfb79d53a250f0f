using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Wake;

/// <summary>Once a day, after the figures of the night are there.</summary>
sealed partial class WakeNights(WakeRun run, WakeSettings settings, MailSettings mail, Database database, TimeProvider clock, ILogger<WakeNights> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    readonly Lease lease = new("wake", database, clock);

    DateTimeOffset done;

    protected override string What => "Writing to silent partners";

    protected override bool IsOn => settings.Mails && mail.Host is not null;

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        var midnight = new DateTimeOffset(Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (done == midnight)
            return;
        await using (var db = database.Open())
            if (!await db.PartnerFigures.AnyAsync(f => f.Day >= midnight, cancel) || !await lease.HoldAsync(cancel))
                return;
        var (written, retired) = await run.RunAsync(cancel);
        done = midnight;
        if (written + retired > 0)
            LogRan(written, retired);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Written} silent partners were written to, {Retired} retired.")]
    partial void LogRan(int written, int retired);
}
