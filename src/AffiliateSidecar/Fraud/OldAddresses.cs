using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>Days of clicks know addresses for a while only: afterwards no signal reads them.</summary>
sealed class OldAddresses(Database database, TimeProvider clock)
{
    const int DaysATransaction = 200;

    /// <summary>From this day on addresses are still there.</summary>
    public static int FirstKept(TimeProvider clock) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-ProgramHistory.AddressDays).DayNumber;

    public async Task ForgetAsync(CancellationToken cancel)
    {
        while (await database.WriteAsync(ForgetSomeAsync, cancel) == DaysATransaction)
        {
        }
    }

    async Task<int> ForgetSomeAsync(SidecarDb db, CancellationToken cancel)
    {
        var before = FirstKept(clock);
        var keys = await db.ClickDays.Where(d => d.HasAddresses && d.Day < before).OrderBy(d => d.Day).ThenBy(d => d.PartnerId).Take(DaysATransaction)
            .Select(d => new { d.Day, d.PartnerId }).ToListAsync(cancel);
        if (keys.Count == 0)
            return 0;
        // Read again under the lock: late clicks may come to old days as well.
        var stored = await ClickDays.StoredAsync(db, [.. keys.Select(k => (k.Day, k.PartnerId))], cancel);
        await ClickDays.SaveAsync(db, [.. stored.OrderBy(s => s.Key).Select(s =>
        {
            var profile = DayProfile.Decode(s.Value);
            profile.ForgetAddresses();
            return ClickDays.Row(s.Key.Day, s.Key.Partner, profile);
        })], cancel);
        return keys.Count;
    }
}
