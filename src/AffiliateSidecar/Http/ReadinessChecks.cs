using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Http;

/// <summary>The database is there, and has the tables of this program.</summary>
sealed class DatabaseCheck(Database database, Migrator migrator) : IReadinessCheck
{
    public string Name => "database";

    public Task<(Condition, string)> CheckAsync(CancellationToken cancel) => Task.FromResult(Check());

    (Condition, string) Check()
    {
        try
        {
            var version = migrator.Version();
            return version == Migrator.Known
                ? (Condition.Ok, $"Schema {version}.")
                : (Condition.Failed, $"The schema is {version}, this program needs {Migrator.Known}: run db migrate.");
        }
        catch (Exception e) when (Database.IsUnavailable(e))
        {
            return (Condition.Failed, database.IsSqlite ? "The database file cannot be used." : "The database server cannot be used.");
        }
    }
}

/// <summary>There is room for clicks and their spool.</summary>
sealed class DiskCheck(DataFolder folder) : IReadinessCheck
{
    const long Mebibyte = 1024 * 1024, Little = 1024 * Mebibyte, TooLittle = 64 * Mebibyte;

    public string Name => "disk";

    public Task<(Condition, string)> CheckAsync(CancellationToken cancel)
    {
        var free = new DriveInfo(folder.Path).AvailableFreeSpace;
        return Task.FromResult((free < TooLittle ? Condition.Failed : free < Little ? Condition.Degraded : Condition.Ok,
            $"{free / Mebibyte} MiB are free in the data folder."));
    }
}
