using System.Globalization;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Google inspects 2,000 addresses a day and 600 a minute of one property; the day is counted for all nodes and commands together.</summary>
sealed class GoogleQuota(Database database, TimeProvider clock)
{
    public const int PerDay = 2000;
    const int PerMinute = 600;
    const string Name = "google-inspections";

    readonly Queue<DateTimeOffset> minute = new();

    /// <summary>False where today's are used up; waits where this minute's are.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancel)
    {
        while (minute.TryPeek(out var first) && clock.GetUtcNow() - first >= TimeSpan.FromMinutes(1))
            minute.Dequeue();
        if (minute.Count >= PerMinute)
        {
            await Task.Delay(TimeSpan.FromMinutes(1) - (clock.GetUtcNow() - minute.Dequeue()), clock, cancel);
        }
        var taken = await database.WriteAsync(CountAsync, cancel);
        if (taken)
            minute.Enqueue(clock.GetUtcNow());
        return taken;
    }

    async Task<bool> CountAsync(SidecarDb db, CancellationToken cancel)
    {
        // Their day ends at midnight in California; an hour more or less in summer does no harm.
        var today = (clock.GetUtcNow() - TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var kept = (await db.Settings.Where(s => s.Name == Name).Select(s => s.Value).FirstOrDefaultAsync(cancel) ?? "").Split(' ');
        var used = kept.Length == 2 && kept[0] == today ? int.Parse(kept[1], CultureInfo.InvariantCulture) : 0;
        if (used >= PerDay)
            return false;
        await db.InsertOrReplaceAsync(new SettingRow { Name = Name, Value = $"{today} {used + 1}" }, token: cancel);
        return true;
    }
}
