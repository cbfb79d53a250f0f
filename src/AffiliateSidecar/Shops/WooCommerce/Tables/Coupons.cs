using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;
using LinqToDB;
using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>The coupons of a WooCommerce shop: posts of a type of their own in either storage of orders. Those in the trash and drafts are left out.</summary>
static class Coupons
{
    const string Live = "post_type = 'shop_coupon' AND post_status IN ('publish', 'private', 'future')";

    public static Task<List<CouponPost>> PageAsync(ShopSettings shop, DataOptions options, long after, int most, CancellationToken cancel) => ShopDb.AskAsync(shop, options, db =>
        db.QueryToListAsync<CouponPost>($"SELECT ID AS Id, post_title AS Code FROM {shop.TablePrefix}posts WHERE {Live} AND ID > @after ORDER BY ID LIMIT {most}", cancel,
            new DataParameter("after", after)));

    /// <summary>Those of the codes that the shop has.</summary>
    public static Task<List<CouponPost>> AmongAsync(ShopSettings shop, DataOptions options, IReadOnlyList<string> codes, CancellationToken cancel) => ShopDb.AskAsync(shop, options, async db =>
    {
        var found = new List<CouponPost>();
        foreach (var chunk in codes.Chunk(500))
            found.AddRange(await db.QueryToListAsync<CouponPost>(
                $"SELECT ID AS Id, post_title AS Code FROM {shop.TablePrefix}posts WHERE {Live} AND LOWER(post_title) IN ({string.Join(',', chunk.Select((_, i) => $"@c{i}"))})", cancel,
                [.. chunk.Select((code, i) => new DataParameter($"c{i}", code.ToLowerInvariant()))]));
        return found;
    });
}

sealed record CouponPost
{
    public long Id { get; init; }
    public string Code { get; init; } = "";
}
