using AffiliateSidecar.Support;
using Xunit;

namespace AffiliateSidecar.Orders;

/// <summary>64 changes of one order at the same time. A hundred rounds of it are a benchmark: <c>money</c>.</summary>
public sealed class ManyAtOnceTests
{
    [Theory, BothDatabases]
    public async Task Changes_of_one_order_at_the_same_time_end_in_the_right_balance(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db);
        await app.PartnerAsync("sara");
        for (var round = 1; round <= 10; round++)
        {
            var (booked, deserved) = await ManyAtOnce.RoundAsync([app.Http], "sara", $"{round}");
            Assert.Equal(deserved, booked);
        }
        await app.VerifyAsync();
    }

    [Fact]
    public async Task So_they_do_on_three_nodes_of_a_Galera_cluster()
    {
        await using var cluster = await GaleraCluster.StartAsync();
        var databases = await cluster.NewDatabaseAsync();
        await using var first = await SidecarApp.StartAsync(Db.MariaDb, connectionString: databases[0]);
        await using var second = await SidecarApp.StartAsync(Db.MariaDb, connectionString: databases[1]);
        await using var third = await SidecarApp.StartAsync(Db.MariaDb, connectionString: databases[2]);
        await first.PartnerAsync("sara");
        for (var round = 1; round <= 5; round++)
        {
            var (booked, deserved) = await ManyAtOnce.RoundAsync([first.Http, second.Http, third.Http], "sara", $"{round}");
            Assert.Equal(deserved, booked);
        }
        await first.VerifyAsync();
    }
}
