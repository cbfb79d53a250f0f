using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce.Tables;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Shops;

/// <summary>The shop's own coupons with the partners they credit, for binding one; and codes that credit somebody and are not in the shop.</summary>
sealed class ShopCoupons(ShopReaders readers, PartnerDirectory partners, Database database)
{
    /// <exception cref="ShopDatabaseException">The shop's database cannot be read.</exception>
    public async Task<ShopCouponsView> ListAsync(ShopSettings shop, PageQuery page, CancellationToken cancel)
    {
        await using var db = database.Open();
        var snapshot = await partners.CurrentAsync(db, cancel);
        var options = readers.Options(shop);
        var rows = await Coupons.PageAsync(shop, options, page.AfterNumber ?? 0, page.Take + 1, cancel);
        var found = page.Of(rows, r => r.Id.ToString(), r => ShopCouponView.Of(r.Code, snapshot.FindCoupon(r.Code)));
        return new(found.Data, found.NextCursor, page.After is null ? await NotInShopAsync(db, shop, snapshot, cancel) : []);
    }

    async Task<IReadOnlyList<ShopCouponView>> NotInShopAsync(SidecarDb db, ShopSettings shop, PartnerSnapshot snapshot, CancellationToken cancel)
    {
        var bound = await db.PartnerCodes.Where(c => c.Kind == CodeKind.Coupon).OrderBy(c => c.CodeKey).Select(c => c.Code).ToListAsync(cancel);
        var there = (await Coupons.AmongAsync(shop, readers.Options(shop), bound, cancel)).Select(c => CodeText.Fold(c.Code)).ToHashSet(StringComparer.Ordinal);
        return [.. bound.Where(code => !there.Contains(CodeText.Fold(code))).Select(code => ShopCouponView.Of(code, snapshot.FindCoupon(code)))];
    }
}

/// <summary>A page of a shop's coupons.</summary>
/// <param name="Data">The coupons.</param>
/// <param name="NextCursor">Pass it as <c>cursor</c> for the next page; null on the last one.</param>
/// <param name="NotInShop">On the first page: codes that credit a partner and that this shop does not have. A typing error, or another shop's.</param>
public sealed record ShopCouponsView(IReadOnlyList<ShopCouponView> Data, string? NextCursor, IReadOnlyList<ShopCouponView> NotInShop);

/// <summary>A coupon.</summary>
/// <param name="Code">As it is typed.</param>
/// <param name="Partner">The id of the partner whom it credits; null: nobody.</param>
/// <param name="PartnerCode">His code.</param>
public sealed record ShopCouponView(string Code, string? Partner, string? PartnerCode)
{
    internal static ShopCouponView Of(string code, PartnerEntry? partner) => new(code, partner is null ? null : PublicId.Of(PublicId.Partner, partner.Id), partner?.Code);
}
