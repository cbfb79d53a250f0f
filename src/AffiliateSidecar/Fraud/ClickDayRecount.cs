using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>A partner's days, made anew of his clicks: one at a time, so that years of clicks need no memory.</summary>
static class ClickDayRecount
{
    public static async IAsyncEnumerable<(int Day, DayProfile Profile)> OfAsync(SidecarDb db, int partner, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (day, profile) = (0, new DayProfile());
        await foreach (var click in db.Clicks.Where(c => c.PartnerId == partner).OrderBy(c => c.At).AsAsyncEnumerable().WithCancellation(cancel))
        {
            var next = DateOnly.FromDateTime(click.At.UtcDateTime).DayNumber;
            if (next != day && day != 0)
            {
                yield return (day, profile);
                profile = new DayProfile();
            }
            day = next;
            profile.Add(click);
        }
        if (day != 0)
            yield return (day, profile);
    }

    /// <summary>Of everybody who has clicks.</summary>
    public static async Task<IReadOnlyList<int>> PartnersAsync(SidecarDb db, CancellationToken cancel) =>
        await db.Clicks.Select(c => c.PartnerId).Distinct().OrderBy(p => p).ToListAsync(cancel);
}

/// <summary>Clicks from before there were days of them.</summary>
sealed class MissingClickDays(Database database) : IAfterMigration
{
    const int DaysATransaction = 100;

    /// <summary>Set by the migration, where there are clicks.</summary>
    const string Missing = "click-days-missing";

    public async Task RunAsync(CancellationToken cancel)
    {
        if (!await database.IsMarkedAsync(Missing, cancel))
            return;
        await using var db = database.Open();
        foreach (var partner in await ClickDayRecount.PartnersAsync(db, cancel))
        {
            var rows = new List<ClickDayRow>();
            await foreach (var (day, profile) in ClickDayRecount.OfAsync(db, partner, cancel))
            {
                rows.Add(ClickDays.Row(day, partner, profile));
                if (rows.Count == DaysATransaction)
                    await SaveAsync(rows, cancel);
            }
            await SaveAsync(rows, cancel);
        }
        await database.WriteAsync((write, token) => write.Settings.DeleteAsync(s => s.Name == Missing, token), cancel);
    }

    async Task SaveAsync(List<ClickDayRow> rows, CancellationToken cancel)
    {
        if (rows.Count > 0)
            await database.WriteAsync((db, token) => ClickDays.SaveAsync(db, rows, token), cancel);
        rows.Clear();
    }
}

/// <summary>Days of clicks move with their clicks in one transaction, so they never differ.</summary>
sealed class ClickDaysMatchClicks(TimeProvider clock) : IIntegrityCheck
{
    public string Name => "every day's click profile is what a recount of its clicks gives";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kept = OldAddresses.FirstKept(clock);
        var clicked = await ClickDayRecount.PartnersAsync(db, cancel);
        foreach (var partner in clicked.Union(await db.ClickDays.Select(d => d.PartnerId).Distinct().ToListAsync(cancel)).Order())
        {
            var stored = await db.ClickDays.Where(d => d.PartnerId == partner).ToDictionaryAsync(d => d.Day, cancel);
            await foreach (var (day, profile) in ClickDayRecount.OfAsync(db, partner, cancel))
                if (!stored.Remove(day, out var row))
                    yield return $"{Name(partner, day)}: there is no profile.";
                else if (!IsSame(row, profile, day < kept))
                    yield return $"{Name(partner, day)}: the profile is not what its clicks give.";
            foreach (var day in stored.Keys.Order())
                yield return $"{Name(partner, day)}: there is a profile and no click.";
        }

        static string Name(int partner, int day) => $"Partner {PublicId.Of(PublicId.Partner, partner)}, {DateOnly.FromDayNumber(day):yyyy-MM-dd}";
    }

    /// <summary>Addresses of old days may be forgotten already.</summary>
    static bool IsSame(ClickDayRow row, DayProfile profile, bool isOld)
    {
        try
        {
            var stored = DayProfile.Decode(row.Profile);
            if (stored.HasAddresses != row.HasAddresses)
                return false;
            if (isOld && !stored.HasAddresses)
                profile.ForgetAddresses();
            return row.Profile.AsSpan().SequenceEqual(profile.Encode());
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
