using System.Text.Json.Nodes;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli.Predecessors;

/// <summary>An owner comes over from AffiliateWP or SliceWP.</summary>
public sealed class SwitchTests
{
    [Theory, BothDatabases]
    public async Task Partners_come_over_from_AffiliateWP_with_what_they_are_owed_and_were_paid_to_the_cent(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.AffiliateWp, OldTables.AffiliateWpRows);
        var dry = await shop.ImportAsync("--from", "affiliatewp", "--dry-run");
        Assert.Contains("AffiliateWP owes 29.43 USD and has paid 21.99 USD.", dry.Out, StringComparison.Ordinal);
        Assert.Equal(0, await shop.LedgerRowsAsync());
        Assert.Empty((await shop.App.GetAsync("/v1/partners"))["data"]!.AsArray());

        var first = await shop.ImportAsync("--from", "affiliatewp");
        await AssertSwitchedAsync(shop);
        Assert.Equal(1, first.Exit);
        Assert.Contains("referrals             16 rows: 11 new, 0 known before, 5 refused, 4 noted", first.Out, StringComparison.Ordinal);
        Assert.Contains("Here the same partners' balance is 29.43 USD, and 21.99 USD are booked as paid.", first.Out, StringComparison.Ordinal);
        Assert.Contains("anna-novak 15 (percentage)", first.Out, StringComparison.Ordinal);

        var rows = await shop.LedgerRowsAsync();
        var again = await shop.ImportAsync("--from", "affiliatewp", "--json");
        Assert.Equal(rows, await shop.LedgerRowsAsync());
        Assert.All(again.Json["files"]!.AsArray(), file => Assert.Equal(0, (int)file!["new"]!));
        await AssertSwitchedAsync(shop);
    }

    static async Task AssertSwitchedAsync(OldShop shop)
    {
        Assert.Equal("2.50 owed, 11.00 paid", await shop.MoneyAsync("anna-novak"));
        Assert.Equal("3.00 owed, 0.00 paid", await shop.MoneyAsync("anna-novak", "EUR"));
        Assert.Equal("1.00 owed, 10.99 paid", await shop.MoneyAsync("maryam"));
        Assert.Equal("25.93 owed, 0.00 paid", await shop.MoneyAsync("dora-tea"));
        await shop.App.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Old_links_and_coupons_go_on_crediting(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.AffiliateWp, OldTables.AffiliateWpRows);
        await shop.ImportAsync("--from", "affiliatewp");
        Assert.Equal("affiliate-4 suspended, anna-novak approved, dora-tea approved, maryam approved, reza pending, yuki rejected", string.Join(", ",
            (await shop.App.GetAsync("/v1/partners?limit=200"))["data"]!.AsArray().Select(p => $"{p!["code"]} {p["status"]}").Order(StringComparer.Ordinal)));
        var anna = await shop.PartnerAsync("anna-novak");
        Assert.Equal(("Anna Novak", "anna@example.com", true, "2024-03-01T10:00:00Z"), ((string?)anna["name"], (string?)anna["email"], (bool)anna["has_payout"]!, (string?)anna["created_at"]));
        Assert.Equal(["105", "dora tea!", "dora-kovacs", "dora.kovacs"], (await shop.PartnerAsync("dora-tea"))["aliases"]!.AsArray().Select(a => (string)a!));

        using var click = await shop.App.Anonymous.GetAsync("/r/1");
        Assert.Contains("utm_campaign=anna-novak", click.Headers.Location!.Query, StringComparison.Ordinal);
        async Task<string?> CreditedAsync(string id, Dictionary<string, object?> order) =>
            (string?)(await shop.App.PutAsync($"/v1/orders/main/{id}", order))["attribution"]!["partner_code"];
        Assert.Equal("dora-tea", await CreditedAsync("70001", Some.Order().With("landing", new { session_entry = "https://shop.example/?ref=105" })));
        Assert.Equal("anna-novak", await CreditedAsync("70002", Some.Order().With("landing", new { session_entry = "https://shop.example/tea/?ref=anna.novak" })));
        Assert.Equal("anna-novak", await CreditedAsync("70003", Some.Order(coupon: "anna10")));
        Assert.Equal("maryam", await CreditedAsync("70004", Some.Order(coupon: "sara-15")));

        var order = (await shop.App.ShopOrderAsync("38"))!;
        Assert.Equal(("anna-novak", "click"), ((string?)order["attribution"]!["partner_code"], (string?)order["attribution"]!["method"]));
        Assert.Equal(("paid", "reversed"), ((string?)order["commission_status"], (string?)(await shop.App.ShopOrderAsync("44"))!["commission_status"]));
    }

    [Theory, BothDatabases]
    public async Task What_the_program_changes_is_followed_and_what_happens_here_is_not_undone(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.AffiliateWp, OldTables.AffiliateWpRows);
        await shop.ImportAsync("--from", "affiliatewp");
        await shop.App.SyncAsync();
        var before = await shop.OwedAsync("maryam");
        // Order 42 earned 8.90 here.
        await shop.Database.ExecuteAsync("UPDATE wp_wc_orders SET status = 'wc-cancelled', date_updated_gmt = UTC_TIMESTAMP() WHERE id = 42");
        await shop.App.SyncAsync();
        Assert.Equal(before - 8.90m, await shop.OwedAsync("maryam"));
        await shop.Database.ExecuteAsync("""
            SET sql_mode = '';
            UPDATE wp_affiliate_wp_referrals SET status = 'paid', payout_id = 3 WHERE referral_id = 2;
            INSERT INTO wp_affiliate_wp_payouts (payout_id, affiliate_id, referrals, amount, status, date) VALUES (3, 1, '2', '2.50', 'paid', '2026-11-25 10:00:00');
            UPDATE wp_affiliate_wp_referrals SET status = 'rejected' WHERE referral_id = 7;
            UPDATE wp_affiliate_wp_referrals SET affiliate_id = 1 WHERE referral_id = 9;
            """);
        var result = await shop.ImportAsync("--from", "affiliatewp");
        Assert.Contains("wp_affiliate_wp_referrals:9: affiliate: it has moved", result.Error, StringComparison.Ordinal);
        Assert.Equal(before - 8.90m, await shop.OwedAsync("maryam"));
        Assert.Equal("0.00 owed, 13.50 paid", await shop.MoneyAsync("anna-novak"));
        Assert.Equal("20.00 owed, 0.00 paid", await shop.MoneyAsync("dora-tea"));

        await shop.Database.ExecuteAsync("UPDATE wp_affiliate_wp_referrals SET status = 'unpaid' WHERE referral_id IN (2, 7)");
        await shop.ImportAsync("--from", "affiliatewp");
        Assert.Equal("2.50 owed, 11.00 paid", await shop.MoneyAsync("anna-novak"));
        Assert.Equal("25.93 owed, 0.00 paid", await shop.MoneyAsync("dora-tea"));
        await shop.App.VerifyAsync();
    }

    [Theory, BothDatabases]
    public async Task Broken_off_anywhere_it_goes_on_when_it_is_run_again(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.AffiliateWp, OldTables.AffiliateWpRows);
        // Among the affiliates; when the orders are credited and nothing is booked for them; before the payouts.
        foreach (var moment in new[] { "wp_affiliate_wp_affiliates:6", "wp_affiliate_wp_visits:14", "wp_affiliate_wp_referrals:8", "wp_affiliate_wp_payouts:2" })
            Assert.True(await shop.BreakOffAsync(moment, "--from", "affiliatewp"), moment);
        await shop.ImportAsync("--from", "affiliatewp");
        await AssertSwitchedAsync(shop);
    }

    [Fact]
    public async Task It_may_be_the_first_command_in_a_new_data_folder()
    {
        await using var shop = await OldShop.OpenAsync(Db.Sqlite, OldTables.SliceWp, OldTables.SliceWpRows);
        using var folder = new CommandFolder();
        var result = await folder.RunAsync("import", "--from", "slicewp", "--Sidecar:Shops:main:Kind=woocommerce", $"--Sidecar:Shops:main:ConnectionString={shop.Database.ConnectionString}");
        Assert.Equal((0, ""), (result.Exit, result.Error));
        Assert.Contains("partners               2 rows: 2 new", result.Out, StringComparison.Ordinal);
    }

    [Theory, BothDatabases]
    public async Task Partners_come_over_from_SliceWP_too(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.SliceWp, OldTables.SliceWpRows);
        for (var run = 1; run <= 2; run++)
        {
            var result = await shop.ImportAsync("--from", "slicewp");
            Assert.Equal((0, ""), (result.Exit, result.Error));
            Assert.Contains("Links of SliceWP carry 'aff': set Sidecar:Shops:main:Witnesses:0 to it", result.Out, StringComparison.Ordinal);
            Assert.Equal("2.50 owed, 4.00 paid", await shop.MoneyAsync("anna-novak"));
            Assert.Equal("10.99 owed, 0.00 paid", await shop.MoneyAsync("maryam"));
        }
        await shop.App.VerifyAsync();
        var anna = await shop.PartnerAsync("anna-novak");
        Assert.Equal(("https://anna.example/", "suspended"), ((string?)anna["website"], (string?)(await shop.PartnerAsync("maryam"))["status"]));
        var paid = (await shop.App.GetAsync($"/v1/partners/{anna["id"]}/ledger"))["data"]!.AsArray().Single(e => (string?)e!["account"] == "paid")!;
        Assert.Equal(("payout", "paid by SliceWP, payout 7 of 2026-11-24"), ((string?)paid["kind"], (string?)paid["cause"]));
    }

    [Theory, BothDatabases]
    public async Task Both_programs_are_compared_order_by_order_with_the_reason(Db db)
    {
        await using var shop = await OldShop.OpenAsync(db, OldTables.AffiliateWp, OldTables.AffiliateWpRows);
        await shop.ImportAsync("--from", "affiliatewp");
        await shop.App.PutAsync("/v1/orders/main/70003", Some.Order(coupon: "ANNA10", currency: "USD", net: 50));
        await shop.Database.ExecuteAsync("""
            SET sql_mode = '';
            INSERT INTO wp_affiliate_wp_referrals (referral_id, affiliate_id, status, amount, currency, context, type, reference, date) VALUES
                (20, 1, 'unpaid', '12.00', 'USD', 'woocommerce', 'sale', '57', '2026-11-23 08:18:30'), (21, 1, 'unpaid', '9.00', 'USD', 'woocommerce', 'sale', '59', '2025-11-23 08:18:30')
            """);
        var report = await shop.ImportAsync("compare", "--from", "affiliatewp", "--since", "2026-11-01", "--json");
        Assert.Equal(1, report.Exit); // of the rows that cannot be understood
        JsonNode Order(string id) => report.Json["differences"]!.AsArray().Single(d => (string?)d!["order_id"] == id)!;
        Assert.Equal("the order is not known here: `shop sync` reads it", (string?)Order("57")["reason"]);
        Assert.Equal("AffiliateWP credits nobody; here: the coupon 'ANNA10' is the partner's", (string?)Order("70003")["reason"]);
        Assert.Contains("AffiliateWP pays 12.56 % and the rules here 10 %", (string?)Order("39")["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain(report.Json["differences"]!.AsArray(), d => (string?)d!["order_id"] is "59" or "43");
        var anna = report.Json["partners"]!.AsArray().Single(p => (string?)p!["partner"] == "anna-novak" && (string?)p["theirs"]!["currency"] == "USD")!;
        Assert.Equal(("20.35", "8.89"), ((string?)anna["theirs"]!["amount"], (string?)anna["ours"]!["amount"]));

        var csv = await shop.ImportAsync("compare", "--from", "affiliatewp", "--since", "2026-11-01", "--csv");
        Assert.StartsWith("order_id,their_partner,theirs,their_status,our_partner,ours,our_status,currency,reason", csv.Out, StringComparison.Ordinal);
        Assert.Contains("39,anna-novak,2.50,unpaid,anna-novak,1.99,pending,USD,", csv.Out, StringComparison.Ordinal);
        var text = await shop.ImportAsync("compare", "--from", "affiliatewp", "--since", "2026-11-01");
        Assert.Contains("since 2026-11-01 00:00 UTC: AffiliateWP and the rules here, 11 orders, 9 of them different", text.Out, StringComparison.Ordinal);
    }
}
