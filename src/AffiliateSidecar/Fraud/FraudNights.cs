using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>After midnight UTC: scans the day that is over and forgets old addresses. Every ten minutes: ends holds whose time is over.</summary>
sealed partial class FraudNights(FraudScan scan, CaseMoney money, OldAddresses addresses, Database database, TimeProvider clock, ILogger<FraudNights> log) : BackgroundService
{
    // Late clicks, orders and the shop's own midnight jobs come first.
    static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(20), Again = TimeSpan.FromHours(1);

    static readonly Gauge<long> OpenAlerts = Telemetry.Meter.CreateGauge<long>("affiliate_sidecar.fraud_open_alerts", description: "Fraud alerts without a verdict.");

    DateTimeOffset notBefore;
    DateOnly scanned;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(10), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await money.ReleaseDueAsync(stoppingToken);
                if (clock.GetUtcNow() >= notBefore)
                    await NightAsync(stoppingToken);
                await using var db = database.Open();
                OpenAlerts.Record(await db.FraudCases.CountAsync(c => c.Status == CaseStatus.Open, stoppingToken));
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogUnavailable(e.Message);
            }
#pragma warning disable CA1031 // one night: the next try is a new one
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                notBefore = clock.GetUtcNow() + Again;
                LogBroken(e);
            }
        }
    }

    /// <summary>The newest day that is over, unless it or a later one was scanned; missed nights are not caught up with, their days are part of the newest scan.</summary>
    async Task NightAsync(CancellationToken cancel)
    {
        var day = DateOnly.FromDateTime((clock.GetUtcNow() - AfterMidnight).UtcDateTime).AddDays(-1);
        if (scanned >= day)
            return;
        await using var db = database.Open();
        if (!await db.FraudScans.AnyAsync(s => s.Day >= day.DayNumber, cancel))
        {
            var result = await scan.RunAsync(day, cancel);
            LogScanned(day, result.Suspicions.Count, result.Messages);
        }
        await addresses.ForgetAsync(cancel);
        scanned = day;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The fraud scan of {Day} found {Suspicions} partners who deserve a look and sent {Messages} messages.")]
    partial void LogScanned(DateOnly day, int suspicions, int messages);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The fraud scan has to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The nightly fraud scan failed; the next try is in an hour.")]
    partial void LogBroken(Exception exception);
}
