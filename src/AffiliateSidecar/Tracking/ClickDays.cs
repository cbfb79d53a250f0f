using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Each partner's days of clicks, moved in the transaction of the clicks, so that late clicks change the day they belong to. Signals read these, never the
/// clicks.
/// </summary>
static class ClickDays
{
    const int DaysAStatement = 100;

    public static async Task AddAsync(SidecarDb db, IReadOnlyList<ClickRow> clicks, CancellationToken cancel)
    {
        // Always in the same order, so that two nodes wait for each other instead of deadlocking.
        var days = clicks.GroupBy(c => (Day: DateOnly.FromDateTime(c.At.UtcDateTime).DayNumber, c.PartnerId)).OrderBy(g => g.Key).ToList();
        foreach (var chunk in days.Chunk(DaysAStatement))
        {
            var stored = await StoredAsync(db, [.. chunk.Select(g => g.Key)], cancel);
            var rows = chunk.ToLookup(g => stored.ContainsKey(g.Key), g =>
            {
                var profile = stored.TryGetValue(g.Key, out var bytes) ? DayProfile.Decode(bytes) : new DayProfile();
                foreach (var click in g)
                    profile.Add(click);
                return Row(g.Key.Day, g.Key.PartnerId, profile);
            });
            await SaveAsync(db, [.. rows[true]], cancel);
            // Another node may have begun the same day: then this is a duplicate, and the transaction is tried again.
            await SaveAsync(db, [.. rows[false]], cancel, isNew: true);
        }
    }

    public static ClickDayRow Row(int day, int partner, DayProfile profile) => new() { Day = day, PartnerId = partner, Profile = profile.Encode(), HasAddresses = profile.HasAddresses };

    public static void Add(this DayProfile profile, ClickRow click)
    {
        if (click.Flag.Length > 0)
            profile.AddInvalid();
        else
            profile.Add(click.At.UtcDateTime.Hour, ClickFacts.Text(click.UserAgent), ClickFacts.Country(click.Country), ClickFacts.Referrer(click.Referrer), ClickFacts.Land(click.Landing, click.IsAdvertised == true),
                (uint)(click.Address ?? 0), click.IsHosted == true);
    }

    public static async Task<Dictionary<(int Day, int Partner), byte[]>> StoredAsync(SidecarDb db, (int Day, int Partner)[] keys, CancellationToken cancel)
    {
        if (db.IsSqlite)
            return Read(db, keys);
        // Numbers, so they are written into the statement as they are. The rows are locked.
        var rows = await db.QueryToListAsync<ClickDayRow>($"select day, partner_id, profile, has_addresses from afs_click_days where "
            + string.Join(" or ", keys.Select(k => $"(day = {k.Day} and partner_id = {k.Partner})")) + " order by day, partner_id for update", cancel);
        return rows.ToDictionary(r => (r.Day, r.PartnerId), r => r.Profile);
    }

    static Dictionary<(int Day, int Partner), byte[]> Read(SidecarDb db, (int Day, int Partner)[] keys)
    {
        var stored = new Dictionary<(int Day, int Partner), byte[]>();
        using var select = db.Prepared("select profile from afs_click_days where day = ? and partner_id = ?");
        foreach (var key in keys)
        {
            select.Bind(1, key.Day);
            select.Bind(2, key.Partner);
            if (select.Step())
                stored[key] = select.Bytes(0);
            select.Reset();
        }
        return stored;
    }

    public static async Task SaveAsync(SidecarDb db, IReadOnlyList<ClickDayRow> rows, CancellationToken cancel, bool isNew = false)
    {
        if (rows.Count == 0)
            return;
        if (db.IsSqlite)
        {
            Save(db, rows);
            return;
        }
        await using var command = (await db.OpenDbConnectionAsync(cancel)).CreateCommand();
        command.Transaction = db.Transaction;
        command.CommandText = "insert into afs_click_days (day, partner_id, profile, has_addresses) values " + string.Join(',', rows.Select((r, i) => $"({r.Day},{r.PartnerId},@{i},{(r.HasAddresses ? 1 : 0)})"))
            + (isNew ? "" : " on duplicate key update profile = values(profile), has_addresses = values(has_addresses)");
        for (var i = 0; i < rows.Count; i++)
            command.AddParameter($"@{i}", rows[i].Profile);
        await command.ExecuteNonQueryAsync(cancel);
    }

    // SQLite has one writer, who has read what is there: nobody has begun a day in between.
    static void Save(SidecarDb db, IReadOnlyList<ClickDayRow> rows)
    {
        using var save = db.Prepared("""
            insert into afs_click_days (day, partner_id, profile, has_addresses) values (?, ?, ?, ?)
            on conflict (day, partner_id) do update set profile = excluded.profile, has_addresses = excluded.has_addresses
            """);
        foreach (var row in rows)
        {
            save.Bind(1, row.Day);
            save.Bind(2, row.PartnerId);
            save.Bind(3, row.Profile);
            save.Bind(4, row.HasAddresses ? 1 : 0);
            save.Run();
        }
    }
}
