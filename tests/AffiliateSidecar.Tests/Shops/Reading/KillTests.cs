using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AffiliateSidecar.Shops;

/// <summary>The first reading of a long history, ended by force.</summary>
public sealed class KillTests
{
    const int Orders = 1_800;

    [Theory, BothDatabases]
    public async Task A_backfill_that_was_killed_goes_on_where_it_was_and_nothing_is_lost_or_doubled(Db db)
    {
        var shop = await MariaDbServer.NewDatabaseAsync();
        await (await ShopGenerator.HposAsync(shop)).MultiplyAsync(Orders, DateTimeOffset.UtcNow.AddMinutes(-30), TimeSpan.FromDays(300));
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var own = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        // A page of 400 in four seconds, so that there is a middle also where it takes some seconds to see that the process is there.
        using (var sidecar = await SidecarProcess.StartAsync(folder, own, ("Sidecar__Shops__main__Kind", "woocommerce"), ("Sidecar__Shops__main__Url", "https://shop.example/"),
            ("Sidecar__Shops__main__ConnectionString", shop), ("Sidecar__Shops__main__OrdersPerSecond", "100")))
        {
            await Tracking.OutageTests.UntilAsync(async () => await PlaceAsync(folder, own) is not null);
            sidecar.Kill();
        }
        await using var app = await ConnectedApp.StartAsync(db, shop, dataFolder: folder, connectionString: own);
        await using var tables = app.Services.GetRequiredService<Database>().Open();
        var done = await tables.Orders.CountAsync();
        Assert.InRange(done, 400, Orders - 1);
        // The killed one's lease has to end first.
        app.Clock.Advance(TimeSpan.FromSeconds(31));

        var outcome = await app.SyncAsync();
        Assert.Equal(Orders - done, (int)outcome["new"]!);
        Assert.InRange((int)outcome["compared"]!, Orders - done, Orders - 400);
        Assert.Equal((Orders, Orders), (await tables.Orders.CountAsync(), await tables.Orders.Select(o => o.ExternalId).Distinct().CountAsync()));
        Assert.True((bool)(await app.DriftAsync())["in_step"]!);
        await app.VerifyAsync();
        await MariaDbServer.DropAsync(shop);
    }

    /// <summary>Up to which order the process has come, as its database has it.</summary>
    static async Task<string?> PlaceAsync(string folder, string? own)
    {
        await using var connection = own is null
            ? (System.Data.Common.DbConnection)new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(folder, "sidecar.db")};Mode=ReadOnly;Pooling=false")
            : new MySqlConnector.MySqlConnection(own);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "select sweep_after from afs_shop_syncs where sweep_after is not null";
        return (string?)await command.ExecuteScalarAsync();
    }
}
