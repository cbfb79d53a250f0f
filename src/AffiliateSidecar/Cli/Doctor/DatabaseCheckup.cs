using System.Data.Common;
using System.Runtime.CompilerServices;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;
using LinqToDB.Data;

namespace AffiliateSidecar.Cli.Doctor;

/// <summary>Reachable, of a known schema, writable, of the same time as we are; and whether anybody could call the API.</summary>
static class DatabaseCheckup
{
    static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(30);

    public static async IAsyncEnumerable<Diagnosis> RunAsync(IServiceProvider services, [EnumeratorCancellation] CancellationToken cancel)
    {
        var database = services.GetRequiredService<Database>();
        var schema = Schema(services, database);
        yield return schema;
        if (schema.Status == Diagnosis.Fail)
            yield break;
        yield return await WriteAsync(database, cancel);
        if (schema.Status != Diagnosis.Ok)
            yield break;
        await using var db = database.Open();
        if (await ClockAsync(db, services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel) is { } clock)
            yield return clock;
        var keys = await db.ApiKeys.CountAsync(k => k.RevokedAt == null, cancel);
        var bootstrap = services.GetRequiredService<IConfiguration>()["Sidecar:BootstrapKey"] is { Length: > 0 };
        yield return bootstrap
            ? Diagnosis.Warning("API keys", "Sidecar:BootstrapKey is set: whoever knows it may do everything.", $"Make keys with `{CommandLine.Name} keys create` and unset it.")
            : keys == 0
                ? Diagnosis.Warning("API keys", "There is no API key, so nothing can call the API.", $"{CommandLine.Name} keys create --name shop --scopes {Scope.OrdersWrite}")
                : Diagnosis.Well("API keys", $"{keys} in use.");
    }

    /// <summary>Whether other checkups may read the tables.</summary>
    public static bool IsUpToDate(Migrator migrator)
    {
        try
        {
            return migrator.Version() == Migrator.Known;
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            return false;
        }
    }

    static Diagnosis Schema(IServiceProvider services, Database database)
    {
        try
        {
            var version = services.GetRequiredService<Migrator>().Version();
            return version > Migrator.Known
                    ? Diagnosis.Failure("database", new NewerSchemaException(version, Migrator.Known).Message, "Update the program.")
                : version < Migrator.Known
                    ? Diagnosis.Warning("database", $"{database.Description} has {(version == 0 ? "no tables yet" : $"schema {version}, the program {Migrator.Known}")}.",
                        $"{CommandLine.Name} db migrate (`serve` does it when it starts)")
                : Diagnosis.Well("database", $"{database.Description} has schema {version}.");
        }
        catch (DbException e)
        {
            return Diagnosis.Failure("database", $"{database.Description} cannot be used: {e.Message}", database.IsSqlite
                ? "Check that the file is an SQLite database, that it and its folder can be written, and that no other program has locked it."
                : "Check ConnectionStrings:Sidecar: server, port, user, password, database; and that the server lets this machine in.");
        }
    }

    /// <summary>A read-only replica and a full disk answer reads only.</summary>
    static async Task<Diagnosis> WriteAsync(Database database, CancellationToken cancel)
    {
        const string table = "afs_doctor";
        try
        {
            await using var db = database.Open();
            await db.ExecuteAsync($"create table if not exists {table} (n int)", cancel);
            await db.ExecuteAsync($"insert into {table} values (1)", cancel);
            await db.ExecuteAsync($"drop table {table}", cancel);
            return Diagnosis.Well("write test", "Tables can be made, written and dropped.");
        }
        catch (DbException e)
        {
            return Diagnosis.Failure("write test", e.Message, database.IsSqlite
                ? "Give this user write access to the file and its folder, and make room on the disk."
                : "Grant this user all rights on its own database: grant all on sidecar.* to …");
        }
    }

    /// <summary>A click from the future would belong to nobody's window.</summary>
    static async Task<Diagnosis?> ClockAsync(SidecarDb db, DateTimeOffset now, CancellationToken cancel)
    {
        if (!db.IsSqlite)
        {
            var away = DateTimeOffset.FromUnixTimeSeconds(await db.ExecuteAsync<long>("select unix_timestamp()", cancel)) - now;
            if (away.Duration() > Tolerated)
                return Diagnosis.Warning("clock", $"The database server's clock is {away.TotalSeconds:+0;-0} seconds from ours.", "Let both machines use a time service.");
        }
        var newest = await db.ApiKeys.MaxAsync(k => (DateTimeOffset?)k.CreatedAt, cancel);
        return newest > now + Tolerated
            ? Diagnosis.Warning("clock", $"The database has rows of {newest:yyyy-MM-dd HH:mm} UTC, which is in the future.", "Set the clock: it is behind, or was ahead before.")
            : null;
    }
}
