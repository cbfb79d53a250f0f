using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB.Async;

namespace AffiliateSidecar.Support;

/// <summary>What the links' days say of one hour.</summary>
sealed record SomeHours(int PartnerId, int LinkId, DateTimeOffset Hour, LinkHour Figures)
{
    public static async Task<IReadOnlyList<SomeHours>> AllAsync(SidecarDb db)
    {
        var hours = new LinkHour[LinkDay.Hours];
        return [.. (await db.LinkDays.OrderBy(d => d.Day).ThenBy(d => d.PartnerId).ThenBy(d => d.LinkId).ToListAsync())
            .SelectMany(d => hours.Take(LinkDay.Read(d.Hours, hours)).Select(h => new SomeHours(d.PartnerId, d.LinkId, LinkDays.Start(d.Day).AddHours(h.Hour), h)).ToList())];
    }
}
