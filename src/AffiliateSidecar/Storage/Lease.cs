using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Storage;

/// <summary>
/// What one node at a time does. A row, not a lock of the server, which a cluster does not share. A node whose clock stands still may hold it a little too
/// long, so that whatever is done under it must come to no harm where two do it after all.
/// </summary>
sealed class Lease(string name, Database database, TimeProvider clock)
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(30), Enough = TimeSpan.FromSeconds(15);

    readonly string owner = Guid.CreateVersion7().ToString("N");
    DateTimeOffset until;

    /// <summary>Take it, or keep it for another while. False: another node has it.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        if (until - now > Enough)
            return true;
        var held = await database.WriteAsync(async (db, token) =>
        {
            var changed = await db.Leases.Where(l => l.Name == name && (l.Owner == owner || l.Until < now)).Set(l => l.Owner, owner).Set(l => l.Until, now + Length).UpdateAsync(token);
            if (changed > 0 || await db.Leases.AnyAsync(l => l.Name == name, token))
                return changed > 0;
            await db.InsertAsync(new LeaseRow { Name = name, Owner = owner, Until = now + Length }, token: token);
            return true;
        }, cancel);
        until = held ? now + Length : default;
        return held;
    }

    /// <summary>For the next node at once.</summary>
    public Task ReleaseAsync()
    {
        until = default;
        return database.WriteAsync((db, token) => db.Leases.DeleteAsync(l => l.Name == name && l.Owner == owner, token));
    }
}
