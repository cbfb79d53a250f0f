using AffiliateSidecar.Support;
using Microsoft.AspNetCore.Http;

namespace AffiliateSidecar.Http;

/// <summary>Two nodes on one database, each with a clock of its own, and one POST that counts how often it ran on either.</summary>
sealed class Cluster(SidecarApp first, SidecarApp second, Counted runs) : IAsyncDisposable
{
    public SidecarApp First => first;

    public SidecarApp Second => second;

    public Counted Runs => runs;

    public static async Task<Cluster> StartAsync(Db db, Func<int, Task<IResult>> answer)
    {
        var folder = Directory.CreateTempSubdirectory("sidecar-test-").FullName;
        var connection = db == Db.MariaDb ? await MariaDbServer.NewDatabaseAsync() : null;
        var runs = new Counted();
        return new(await Calls.CountingAsync(answer, runs, db, folder, connection), await Calls.CountingAsync(answer, runs, db, folder, connection), runs);
    }

    public async ValueTask DisposeAsync()
    {
        await first.DisposeAsync();
        await second.DisposeAsync();
    }
}
