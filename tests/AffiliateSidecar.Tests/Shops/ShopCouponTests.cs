using System.Net;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Shops;

public sealed class ShopCouponTests
{
    [Theory, BothDatabases]
    public async Task The_shops_own_coupons_are_listed_with_the_partners_they_credit(Db db)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        await shop.ExecuteAsync($"""
            SET sql_mode = '';
            DELETE FROM {shop.Prefix}posts WHERE post_type = 'shop_coupon';
            INSERT INTO {shop.Prefix}posts (ID, post_type, post_status, post_title, post_content, post_excerpt, to_ping, pinged, post_content_filtered) VALUES
            (90001, 'shop_coupon', 'publish', 'Sara10', '', '', '', '', ''), (90002, 'shop_coupon', 'publish', 'summer', '', '', '', '', ''),
            (90003, 'shop_coupon', 'trash', 'old', '', '', '', '', '')
            """);
        await using var app = await SidecarApp.StartAsync(db, new Dictionary<string, string?> { ["Sidecar:Shops:main:ConnectionString"] = shop.ConnectionString });
        var sara = await app.PartnerAsync("sara");
        foreach (var code in new[] { "SARA10", "SARRA10" })
            await app.PostAsync($"/v1/partners/{sara["id"]}/coupons", new { code });
        var first = await app.GetAsync("/v1/shops/main/coupons?limit=1");
        var second = await app.GetAsync($"/v1/shops/main/coupons?limit=1&cursor={first["next_cursor"]}");
        Assert.Equal(("Sara10", "sara", (string?)sara["id"]), ((string?)first["data"]![0]!["code"], (string?)first["data"]![0]!["partner_code"], (string?)first["data"]![0]!["partner"]));
        Assert.Equal(("summer", null, null), ((string?)second["data"]![0]!["code"], (string?)second["data"]![0]!["partner"], (string?)second["next_cursor"]));
        Assert.Equal("SARRA10", (string?)Assert.Single(first["not_in_shop"]!.AsArray())!["code"]);
    }

    [Fact]
    public async Task A_shop_whose_database_is_not_connected_says_so()
    {
        await using var app = await SidecarApp.StartAsync();
        using var response = await app.Http.GetAsync("/v1/shops/main/coupons");
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }
}
