using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Tracking;

/// <summary>Each link's days, moved in the transaction of what happened. Reports and fraud signals read these, never the clicks.</summary>
static class LinkDays
{
    const int DaysAStatement = 100;

    public readonly record struct Key(int Day, int PartnerId, int LinkId)
    {
        public static Key Of(int partner, int link, DateTimeOffset at) => new(DateOnly.FromDateTime(at.UtcDateTime).DayNumber, partner, link);
    }

    /// <summary>One link's day as it lies in the database.</summary>
    public readonly record struct Stored(Key Key, byte[] Hours);

    public static DateTimeOffset Start(int day) => new(DateOnly.FromDayNumber(day).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    public static Task AddClicksAsync(SidecarDb db, IReadOnlyList<ClickRow> clicks, CancellationToken cancel) =>
        ChangeAsync(db, clicks.GroupBy(c => Key.Of(c.PartnerId, c.LinkId, c.At)), (day, click) => day.Add(click), cancel);

    public static Task AddImpressionsAsync(SidecarDb db, IReadOnlyList<Impressions> seen, CancellationToken cancel) =>
        ChangeAsync(db, seen.GroupBy(i => Key.Of(i.PartnerId, i.LinkId, i.At)), (day, shown) => day.AddImpressions(shown.At.UtcDateTime.Hour, shown.Count), cancel);

    // Always in the same order, so that two nodes wait for each other instead of deadlocking.
    public static async Task ChangeAsync<T>(SidecarDb db, IEnumerable<IGrouping<Key, T>> news, Action<LinkDay, T> change, CancellationToken cancel)
    {
        foreach (var chunk in news.OrderBy(g => (g.Key.Day, g.Key.PartnerId, g.Key.LinkId)).Chunk(DaysAStatement))
        {
            var stored = await StoredAsync(db, [.. chunk.Select(g => g.Key)], cancel);
            var (known, unknown) = (new List<(Key, LinkDay)>(), new List<(Key, LinkDay)>());
            foreach (var group in chunk)
            {
                var day = stored.TryGetValue(group.Key, out var hours) ? LinkDay.Decode(hours) : new LinkDay();
                foreach (var one in group)
                    change(day, one);
                (hours is null ? unknown : known).Add((group.Key, day));
            }
            await SaveAsync(db, known, isNew: false, cancel);
            // Another node may have begun the same day: then this is a duplicate, and the transaction is tried again.
            await SaveAsync(db, unknown, isNew: true, cancel);
        }
    }

    static async Task<Dictionary<Key, byte[]>> StoredAsync(SidecarDb db, Key[] keys, CancellationToken cancel)
    {
        if (db.IsSqlite)
            return Read(db, keys);
        // Numbers, so they are written into the statement as they are. The rows are locked.
        return await db.QueryAsync("where " + string.Join(" or ", keys.Select(k => $"(day = {k.Day} and partner_id = {k.PartnerId} and link_id = {k.LinkId})")) + " for update", cancel)
            .ToDictionaryAsync(s => s.Key, s => s.Hours, cancellationToken: cancel);
    }

    static Dictionary<Key, byte[]> Read(SidecarDb db, Key[] keys)
    {
        var stored = new Dictionary<Key, byte[]>();
        using var select = db.Prepared("select hours from afs_link_days where day = ? and partner_id = ? and link_id = ?");
        foreach (var key in keys)
        {
            select.Bind(1, key.Day);
            select.Bind(2, key.PartnerId);
            select.Bind(3, key.LinkId);
            if (select.Step())
                stored[key] = select.Bytes(0);
            select.Reset();
        }
        return stored;
    }

    static async Task SaveAsync(SidecarDb db, List<(Key Key, LinkDay Day)> days, bool isNew, CancellationToken cancel)
    {
        if (days.Count == 0)
            return;
        if (db.IsSqlite)
        {
            Save(db, days);
            return;
        }
        await using var command = (await db.OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = db.Transaction;
        command.CommandText = "insert into afs_link_days (day, partner_id, link_id, clicks, hours) values " + string.Join(',', days.Select((d, i) => $"({d.Key.Day},{d.Key.PartnerId},{d.Key.LinkId},{d.Day.Clicks},@{i})"))
            + (isNew ? "" : " on duplicate key update clicks = values(clicks), hours = values(hours)");
        for (var i = 0; i < days.Count; i++)
            command.AddParameter($"@{i}", days[i].Day.Encode());
        await command.ExecuteNonQueryAsync(cancel);
    }

    // SQLite has one writer, who has read what is there: nobody has begun a day in between.
    static void Save(SidecarDb db, List<(Key Key, LinkDay Day)> days)
    {
        using var save = db.Prepared("""
            insert into afs_link_days (day, partner_id, link_id, clicks, hours) values (?, ?, ?, ?, ?)
            on conflict (day, partner_id, link_id) do update set clicks = excluded.clicks, hours = excluded.hours
            """);
        foreach (var (key, day) in days)
        {
            save.Bind(1, key.Day);
            save.Bind(2, key.PartnerId);
            save.Bind(3, key.LinkId);
            save.Bind(4, day.Clicks);
            save.Bind(5, day.Encode());
            save.Run();
        }
    }

    /// <summary>All links' days from one to another, both included, by day, partner and link.</summary>
    public static IAsyncEnumerable<Stored> BetweenAsync(SidecarDb db, int first, int last, CancellationToken cancel) =>
        db.QueryAsync($"where day between {first} and {last} order by day, partner_id, link_id", cancel);

    public static IAsyncEnumerable<Stored> OfPartnerAsync(SidecarDb db, int partner, CancellationToken cancel) => db.QueryAsync($"where partner_id = {partner} order by day, link_id", cancel);

    // By hand: mapping takes longer than the database does.
    static async IAsyncEnumerable<Stored> QueryAsync(this SidecarDb db, string where, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = (await db.OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = db.Transaction;
        command.CommandText = $"select day, partner_id, link_id, hours from afs_link_days {where}";
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
            yield return new(new(rows.GetInt32(0), rows.GetInt32(1), rows.GetInt32(2)), (byte[])rows.GetValue(3));
    }
}
