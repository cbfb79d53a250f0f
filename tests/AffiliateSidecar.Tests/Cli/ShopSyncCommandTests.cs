using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Cli;

/// <summary><c>shop sync</c> as the owner calls it, before he has ever started the service.</summary>
public sealed class ShopSyncCommandTests : IDisposable
{
    readonly CommandFolder cli = new();

    [Theory]
    [InlineData(Db.Sqlite, false)]
    [InlineData(Db.Sqlite, true)]
    [InlineData(Db.MariaDb, false)]
    public async Task The_first_thing_that_ever_runs_may_be_the_sync(Db db, bool afterKeys)
    {
        await using var shop = await RecordedDatabase.RestoreAsync(RecordedShop.Hpos);
        var own = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        string[] settings = own is null ? [] : [$"--ConnectionStrings:Sidecar={own}"];
        if (afterKeys)
            Assert.Equal(0, (await cli.RunAsync([.. settings, "keys", "create", "--name", "me", "--scopes", "admin"])).Exit);

        var first = await cli.RunAsync([.. settings, "shop", "sync", "--json", .. shop.Arguments]);
        Assert.True(first.Exit == 0, first.Error);
        Assert.Equal((92, 0), ((int)first.Json[0]!["outcome"]!["new"]!, (int)first.Json[0]!["outcome"]!["unreadable"]!));

        var second = await cli.RunAsync([.. settings, "shop", "sync", .. shop.Arguments]);
        Assert.Contains("0 new, 0 changed, 0 gone", second.Out);
        Assert.Equal(0, (await cli.RunAsync([.. settings, "db", "verify"])).Exit);
        if (own is not null)
            await MariaDbServer.DropAsync(own);
    }

    public void Dispose() => cli.Dispose();
}
