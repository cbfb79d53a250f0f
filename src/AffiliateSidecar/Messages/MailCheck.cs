using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages;

/// <summary>Whether mails leave.</summary>
sealed class MailCheck(Database database, MailSettings settings, TimeProvider clock) : IReadinessCheck
{
    static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    public string Name => "mail";

    public async Task<(Condition Condition, string Sentence)> CheckAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        var due = db.Mails.Where(m => m.Status == MailStatus.Queued && m.DueAt <= now);
        var waiting = await due.CountAsync(cancel);
        if (settings.Host is null)
            return waiting == 0 ? (Condition.Ok, "No mail server is set (Sidecar:Mail:Host), and no mail waits for one.")
                : (Condition.Degraded, $"No mail server is set (Sidecar:Mail:Host): {waiting} mails wait for one.");
        // A broadcast takes as long as the rate says; a mail about somebody's own account does not.
        return await due.AnyAsync(m => m.Urgency == 0 && m.DueAt < now - Late, cancel)
            ? (Condition.Degraded, $"{waiting} mails wait, one of them for more than {Late.TotalMinutes:0} minutes; `doctor` says why.")
            : (Condition.Ok, $"{waiting} mails wait for their turn.");
    }
}
