using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>What the orders of a shop amounted to when they were last read.</summary>
static class StoredDigests
{
    const int PageSize = 2000;

    /// <summary>The orders of a page that do not amount to what they did, or were never read.</summary>
    public static async Task<List<string>> DifferentAsync(Database database, ShopSettings shop, IReadOnlyList<OrderDigest> page, CancellationToken cancel)
    {
        var ids = page.Select(d => d.Id).ToList();
        await using var db = database.Open();
        var known = await db.Orders.Where(o => o.Shop == shop.Name && ids.Contains(o.ExternalId))
            .Select(o => new { o.ExternalId, o.ShopDigest }).ToDictionaryAsync(o => o.ExternalId, o => o.ShopDigest, StringComparer.Ordinal, cancel);
        return [.. page.Where(d => known.GetValueOrDefault(d.Id) != d.Text).Select(d => d.Id)];
    }

    /// <summary>
    /// All orders of ours that the shop should have, a page at a time. The primary key alone leads to them: given any other condition, SQLite takes that
    /// one's index and sorts all there is, for every page anew.
    /// </summary>
    public static async IAsyncEnumerable<List<string>> PagesAsync(Database database, ShopSettings shop, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = ""; ;)
        {
            await using var db = database.Open();
            var page = await db.Orders.Where(o => string.Compare(o.Id, after) > 0).OrderBy(o => o.Id).Take(PageSize)
                .Select(o => new { o.Id, o.Shop, o.ExternalId, o.PlacedAt, o.ShopDigest }).ToListAsync(cancel);
            if (page.Count == 0)
                yield break;
            after = page[^1].Id;
            yield return [.. page.Where(o => o.Shop == shop.Name && o.PlacedAt >= since && o.ShopDigest != OrderRow.ShopGone).Select(o => o.ExternalId)];
        }
    }
}
