using System.Text.Json.Nodes;
using AffiliateSidecar.Http;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Demo;
using AffiliateSidecar.Shops.WooCommerce;
using Xunit;

namespace AffiliateSidecar.Shops;

public sealed class OrderPayloadTests
{
    static readonly ShopSettings Shop = new() { Name = "main" };

    [Fact]
    public void A_recorded_checkout_is_read_whole()
    {
        var order = Read(DemoShop.Recording.Single(d => d.Seq == 58).Body);
        Assert.Equal(("38", "processing", "USD", "cod"), (order.ExternalId, order.Status, order.Currency, order.PaymentMethod));
        Assert.Equal((28.86m, 2.36m, 7.50m, 0m, 0m), (order.Total, order.Tax, order.Shipping, order.Fees, order.Discount));
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 8, 9, 57, TimeSpan.Zero), order.PlacedAt);
        Assert.Equal(order.PlacedAt, order.UpdatedAt);
        Assert.Equal(new Customer { Email = "lena@example.com", Country = "US", Ip = "127.0.0.0", Address = "127.0.0.1" }, order.Customer);
        var line = Assert.Single(order.Lines);
        Assert.Equal(("8", "14", "MUG-01", "Stoneware Mug", 2m, 19m, 1.69m),
            (line.ExternalId, line.ProductId, line.Sku, line.Name, line.Quantity, line.Total, line.Tax));
        Assert.Equal(["session_entry", "session_start_time", "source_type", "utm_campaign", "utm_content", "utm_medium", "utm_source"], order.Landing!.Keys.Order());
        Assert.Equal(("partner-sara", "aff_102"), (order.Landing["utm_source"], order.Landing["utm_content"]));
        Assert.False(order.Rounded);
        Assert.Empty(order.Refunds!);
    }

    [Fact]
    public void Every_recorded_order_can_be_read()
    {
        var orders = DemoShop.Recording.Where(d => d.Topic is "order.created" or "order.updated").Select(d => Read(d.Body)).ToList();
        Assert.Equal(432, orders.Count);
        Assert.DoesNotContain(orders, o => o.Rounded);
        Assert.Contains(orders, o => o.Fees > 0);
        Assert.All(orders, o => Assert.InRange(o.Total - o.Tax - o.Shipping - o.Fees - o.Lines.Sum(l => l.Total), -0.02m, 0.02m));
        // The one order that a plugin made names its partner itself.
        Assert.Equal(["101"], orders.Where(o => o.PartnerCode == "sara").Select(o => o.ExternalId).Distinct());
    }

    [Theory]
    [InlineData("USD", "139", true)]
    [InlineData("USD", "138.8", true)]
    [InlineData("USD", "138.81", false)]
    [InlineData("USD", "138.8100", false)]
    [InlineData("JPY", "139", false)]
    [InlineData("JPY", "139.00", false)]
    [InlineData("KWD", "13.88", true)]
    [InlineData("IRR", "4500000", true)]
    [InlineData("IRR", "4500000.00", false)]
    [InlineData("IRT", "450000", false)]
    public void An_amount_with_fewer_decimals_than_its_currency_was_rounded_by_the_shop(string currency, string total, bool rounded) =>
        Assert.Equal(rounded, Read(SomeDelivery.Order(total: total, currency: currency).ToJsonString()).Rounded);

    [Fact]
    public void Types_that_plugins_and_php_change_do_not_matter()
    {
        var order = SomeDelivery.Order();
        order["id"] = "18446744073709551615";
        order["customer_id"] = "42";
        order["total_tax"] = 11.31;
        order["shipping_total"] = "";
        order["discount_total"] = null;
        order["customer_ip_address"] = "unknown, 10.0.0.1";
        order["status"] = "shipped";
        order["payment_method"] = "";
        order["billing"] = new JsonArray();
        order["line_items"]![0]!["quantity"] = 1.5;
        order["line_items"]![0]!["product_id"] = 0;
        order["line_items"]![0]!["sku"] = "";
        order["line_items"]![0]!["image"] = new JsonObject { ["id"] = "" };
        order["fee_lines"] = JsonNode.Parse("""[{"id":2,"total":"-5.00"},{"id":3,"total":"2.50"}]""");
        order["coupon_lines"] = JsonNode.Parse("""[{"id":4,"code":"sara-15","discount":"18","nominal_amount":15}]""");
        order["refunds"] = JsonNode.Parse("""[{"id":9,"reason":"","total":"-0.00"},{"id":10,"reason":"Late","total":"-10.34"}]""");
        order["meta_data"] = JsonNode.Parse("""
            [{"id":1,"key":"aff_click","value":{"a":1}},{"id":2,"key":"_aff_click","value":"clk_1"},{"id":3,"key":"_affiliate_code","value":[]},
             {"id":4,"key":"_wc_order_attribution_utm_source","value":"first"},{"id":5,"key":"_wc_order_attribution_utm_source","value":"second"},
             {"id":6,"value":"nameless"},7,{"id":8,"key":"_wc_order_attribution_user_agent","value":"Mozilla"}]
            """);
        var read = Read(order.ToJsonString());
        Assert.Equal(("18446744073709551615", "shipped", null), (read.ExternalId, read.Status, read.PaymentMethod));
        Assert.Equal((11.31m, 0m, 0m, -2.50m), (read.Tax, read.Shipping, read.Discount, read.Fees));
        Assert.Equal(new Customer { ExternalId = "42" }, read.Customer);
        Assert.Equal((1.5m, null, null), (read.Lines[0].Quantity, read.Lines[0].ProductId, read.Lines[0].Sku));
        Assert.Equal(["sara-15"], read.Coupons);
        Assert.Equal(("clk_1", null), (read.ClickId, read.PartnerCode));
        Assert.Equal([new("utm_source", "first")], read.Landing!);
        Assert.Equal([("9", 0m, null), ("10", 10.34m, "Late")], read.Refunds!.Select(r => (r.ExternalId, r.Amount, r.Reason)));
        Assert.All(read.Refunds!, r => Assert.True(r is { Lines: null, OccurredAt: null }));
    }

    [Fact]
    public void What_is_missing_is_nothing()
    {
        var read = Read("""{"id":7,"status":"pending","currency":"EUR","date_created_gmt":"2026-11-23T08:00:00","total":"0.00"}""");
        Assert.Equal(("7", 0m, read.PlacedAt), (read.ExternalId, read.Total, read.UpdatedAt));
        Assert.Empty(read.Lines);
        Assert.Null(read.Landing);
        Assert.Equal(new Customer(), read.Customer);
    }

    [Fact]
    public void An_erased_customer_has_no_address()
    {
        var order = SomeDelivery.Order();
        order["billing"]!["email"] = "deleted@site.invalid";
        Assert.Null(Read(order.ToJsonString()).Customer.Email);
        order["billing"]!["email"] = "[deleted]";
        Assert.Null(Read(order.ToJsonString()).Customer.Email);
    }

    static Order Read(string body) => ((OrderStated)WebhookNews.Read(Shop, new WebhookDelivery("main", "order.updated", System.Text.Encoding.UTF8.GetBytes(body)))).Order;
}
