using System.Text.Json.Nodes;
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
        var result = await shop.ImportAsync("--from", "affiliatewp");
        TestContext.Current.TestOutputHelper!.WriteLine(result.Out + result.Error);
        TestContext.Current.TestOutputHelper!.WriteLine((await shop.ImportAsync("compare", "--from", "affiliatewp", "--since", "2026-11-01")).Out);
        Assert.Equal(1, result.Exit);

        Assert.Equal("2.50 owed, 11.00 paid", await shop.MoneyAsync("anna-novak"));
        Assert.Equal("3.00 owed, 0.00 paid", await shop.MoneyAsync("anna-novak", "EUR"));
        Assert.Equal("1.00 owed, 10.99 paid", await shop.MoneyAsync("maryam"));
        Assert.Equal("25.93 owed, 0.00 paid", await shop.MoneyAsync("dora-tea"));
        await shop.App.VerifyAsync();

        var rows = await shop.LedgerRowsAsync();
        var again = await shop.ImportAsync("--from", "affiliatewp");
        TestContext.Current.TestOutputHelper!.WriteLine(again.Out + again.Error);
        Assert.Equal(rows, await shop.LedgerRowsAsync());
        await shop.App.VerifyAsync();
    }
}
