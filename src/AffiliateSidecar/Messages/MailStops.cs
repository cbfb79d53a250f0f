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

    /// <summary>Why, by the key of the address, for everybody who gets nothing of this topic.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> AllAsync(SidecarDb db, string topic, CancellationToken cancel)
    {
        var reasons = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var stop in await db.MailStops.Where(s => s.Topic == Everything || s.Topic == EveryTopic || s.Topic == topic).OrderBy(s => s.Topic).Select(s => new { s.AddressKey, s.Reason }).ToListAsync(cancel))
            reasons.TryAdd(stop.AddressKey, stop.Reason);
        return reasons;
    }

    /// <summary>For a mail that was left out.</summary>
    public static string Sentence(string reason) => $"The recipient has {reason}.";

    /// <summary>The reason in such a sentence; null: it is about something else.</summary>
    public static string? ReasonOf(string? sentence) => new[] { Unsubscribed, Bounced, Complained }.FirstOrDefault(r => Sentence(r) == sentence);

    public async Task AddAsync(SidecarDb db, string key, string topic, string reason, string? detail, CancellationToken cancel)
    {
        await RemoveAsync(db, key, topic, cancel);
        await db.InsertAsync(new MailStopRow { AddressKey = key, Topic = topic, Reason = reason, Detail = detail, At = UnixTime.Truncate(clock.GetUtcNow()) }, token: cancel);
    }

    public static Task<int> RemoveAsync(SidecarDb db, string key, string topic, CancellationToken cancel) =>
        db.MailStops.DeleteAsync(s => s.AddressKey == key && s.Topic == topic, cancel);
}
