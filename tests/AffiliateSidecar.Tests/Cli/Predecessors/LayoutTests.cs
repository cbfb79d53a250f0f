using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli.Predecessors;

/// <summary>A layout that is not known is refused before anything is read, and what may not be read is said with the way to mend it.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData("ALTER TABLE wp_affiliate_wp_referrals DROP COLUMN currency", "The table wp_affiliate_wp_referrals has no column currency")]
    [InlineData("ALTER TABLE wp_affiliate_wp_visits MODIFY date tinytext", "The table wp_affiliate_wp_visits has a column date of the type tinytext")]
    [InlineData("DROP TABLE wp_affiliate_wp_affiliates", "There is no table wp_affiliate_wp_affiliates in the database of the shop main")]
    public async Task A_layout_that_does_not_fit_is_refused(string change, string sentence)
    {
        await using var shop = await OldShop.OpenAsync(Db.Sqlite, OldTables.AffiliateWp, OldTables.AffiliateWpRows, change);
        var result = await shop.ImportAsync("--from", "affiliatewp");
        Assert.Equal((1, ""), (result.Exit, result.Out));
        Assert.StartsWith("error: " + sentence, result.Error, StringComparison.Ordinal);
        Assert.Empty((await shop.App.GetAsync("/v1/partners"))["data"]!.AsArray());
    }

    [Fact]
    public async Task Older_layouts_without_coupons_meta_and_payouts_fit()
    {
        await using var shop = await OldShop.OpenAsync(Db.Sqlite, OldTables.AffiliateWp, OldTables.AffiliateWpRows, """
            DROP TABLE wp_affiliate_wp_coupons, wp_affiliate_wp_affiliatemeta, wp_affiliate_wp_payouts;
            ALTER TABLE wp_affiliate_wp_referrals DROP COLUMN type, DROP COLUMN payout_id;
            """);
        var result = await shop.ImportAsync("--from", "affiliatewp");
        Assert.Contains("and so left out: wp_affiliate_wp_affiliatemeta (the slugs of affiliates); wp_affiliate_wp_coupons", result.Out, StringComparison.Ordinal);
        Assert.Equal("2.50 owed, 11.00 paid", await shop.MoneyAsync("anna-novak"));
        Assert.Equal("25.93 owed, 0.00 paid", await shop.MoneyAsync("dora-kovacs"));
        await shop.App.VerifyAsync();
    }

    [Fact]
    public async Task The_grants_that_are_missing_are_printed_and_no_password_hash_is_among_them()
    {
        await using var shop = await OldShop.OpenAsync(Db.Sqlite, granted: false, OldTables.SliceWp, OldTables.SliceWpRows);
        var refused = await shop.ImportAsync("--from", "slicewp");
        Assert.Equal(1, refused.Exit);
        var grants = refused.Error.Split('\n').Where(l => l.StartsWith("GRANT ", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, grants.Count);
        Assert.Contains(grants, g => g.StartsWith("GRANT SELECT (ID, user_login, user_nicename, user_email, user_url, display_name) ON ", StringComparison.Ordinal));
        foreach (var grant in grants)
            await shop.Database.ExecuteAsync(grant);
        Assert.Equal(0, (await shop.ImportAsync("--from", "slicewp")).Exit);
        Assert.Equal("2.50 owed, 4.00 paid", await shop.MoneyAsync("anna-novak"));
    }

    [Theory]
    [InlineData("--from knows affiliatewp and slicewp, not 'shopify'", "--from", "shopify")]
    [InlineData("--until is neither a day nor a time", "--from", "slicewp", "--until", "soon")]
    [InlineData("Either --from or files", "--from", "slicewp", "--orders", "orders.csv")]
    public async Task A_wrong_call_is_refused_with_a_sentence(string sentence, params string[] args)
    {
        using var folder = new CommandFolder();
        var result = await folder.RunAsync(["import", .. args]);
        Assert.Equal(2, result.Exit);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }
}
