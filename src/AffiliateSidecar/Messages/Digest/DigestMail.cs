using System.Globalization;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Sends the digest to the owner on Monday mornings, once, whichever node does it.</summary>
sealed partial class DigestMail(WeeklyDigest digest, DecisionLink links, Outbox outbox, ThreadSettings settings, MailSettings mail, Database database, TimeProvider clock, ILogger<DigestMail> log) : BackgroundService
{
    const int Hour = 6;

    static readonly TimeSpan Turn = TimeSpan.FromMinutes(10);

    string? sent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (settings.Owner is null || mail.Host is null)
            return;
        using var timer = new PeriodicTimer(Turn, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var week = $"{ISOWeek.GetYear(now)}-W{ISOWeek.GetWeekOfYear(now):00}";
            if (now.DayOfWeek != DayOfWeek.Monday || now.Hour < Hour || sent == week)
                continue;
            try
            {
                await SendAsync(week, stoppingToken);
                sent = week;
            }
            catch (Exception e) when (Database.IsUnavailable(e))
            {
                LogUnavailable(e.Message);
            }
#pragma warning disable CA1031 // one turn: the next one is a new try
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogBroken(e);
            }
        }
    }

    async Task SendAsync(string week, CancellationToken cancel)
    {
        await using var db = database.Open();
        var view = await DigestView.LoadAsync(db, digest, links, cancel);
        await database.WriteAsync((writer, token) => outbox.QueueAsync(writer, new Letter
        {
            Template = "mail/digest", Cause = $"digest:{week}", Address = settings.Owner, Locale = settings.OwnerLocale, Model = view,
        }, token), cancel);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The digest has to wait for the database: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The digest could not be made; the next try is in ten minutes.")]
    partial void LogBroken(Exception exception);
}
