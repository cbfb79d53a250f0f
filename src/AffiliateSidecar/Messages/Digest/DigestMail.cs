using System.Globalization;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Sends the digest to the owner on Monday mornings, once, whichever node does it.</summary>
sealed class DigestMail(WeeklyDigest digest, DecisionLink links, Outbox outbox, ThreadSettings settings, MailSettings mail, Database database, TimeProvider clock, ILogger<DigestMail> log) : Rounds(TimeSpan.FromMinutes(10), clock, log)
{
    const int Hour = 6;

    string? sent;

    protected override string What => "The digest";

    protected override bool IsOn => settings.Owner is not null && mail.Host is not null;

    protected override async Task RoundAsync(CancellationToken cancel)
    {
        var now = Clock.GetUtcNow().UtcDateTime;
        var week = $"{ISOWeek.GetYear(now)}-W{ISOWeek.GetWeekOfYear(now):00}";
        if (now.DayOfWeek != DayOfWeek.Monday || now.Hour < Hour || sent == week)
            return;
        await SendAsync(week, cancel);
        sent = week;
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
}
