using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages;

/// <summary>Who wants no mail, or cannot be reached.</summary>
sealed class MailStops(PersonalData personal, TimeProvider clock)
{
    public const string Unsubscribed = "unsubscribed", Bounced = "bounced", Complained = "complained";

    public const string EveryTopic = "*", Everything = "";

    /// <summary>The key that an address is kept under.</summary>
    public string KeyOf(string address) => personal.EmailKey(address)!;

    /// <summary>Why this mail must not be sent; null: it may.</summary>
    public Task<string?> FindAsync(SidecarDb db, string address, string? topic, CancellationToken cancel)
    {
        var key = KeyOf(address);
        return db.MailStops.Where(s => s.AddressKey == key && (s.Topic == Everything || (topic != null && (s.Topic == EveryTopic || s.Topic == topic)))).OrderBy(s => s.Topic)
            .Select(s => s.Reason).FirstOrDefaultAsync(cancel);
    }

    public async Task AddAsync(SidecarDb db, string key, string topic, string reason, string? detail, CancellationToken cancel)
    {
        await RemoveAsync(db, key, topic, cancel);
        await db.InsertAsync(new MailStopRow { AddressKey = key, Topic = topic, Reason = reason, Detail = detail, At = UnixTime.Truncate(clock.GetUtcNow()) }, token: cancel);
    }

    public static Task<int> RemoveAsync(SidecarDb db, string key, string topic, CancellationToken cancel) =>
        db.MailStops.DeleteAsync(s => s.AddressKey == key && s.Topic == topic, cancel);
}
