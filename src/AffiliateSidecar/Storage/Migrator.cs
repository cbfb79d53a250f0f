using System.Globalization;
using FluentMigrator.Runner;
using FluentMigrator.Runner.VersionTableInfo;

namespace AffiliateSidecar.Storage;

/// <summary>The database has tables of a newer program: starting would misread them.</summary>
sealed class NewerSchemaException(long found, long known) : Exception(
    $"The database has schema {found}, but this program knows only {known}. Start the newer program, or restore the backup made before its first start.");

/// <summary>Brings the sidecar's own tables to the version this program knows.</summary>
sealed class Migrator(Database database, IEnumerable<IAfterMigration> after)
{
    /// <summary>The newest of <c>Migrations/</c>; a test holds it to them. To look for it among all types takes longer than the rest of a start.</summary>
    internal const long Known = 20261230;

    /// <exception cref="NewerSchemaException">The schema is newer than this program.</exception>
    public void Migrate()
    {
        var found = Version();
        if (found > Known)
            throw new NewerSchemaException(found, Known);
        if (found < Known)
            MigrateUp();
        foreach (var work in after)
            work.RunAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    void MigrateUp()
    {
        using var services = new ServiceCollection()
            .AddFluentMigratorCore()
            .ConfigureRunner(runner => (database.IsSqlite ? runner.AddSQLite() : runner.AddMySql8())
                .WithGlobalConnectionString(database.ConnectionString)
                .WithVersionTable(new VersionTable())
                .ScanIn(typeof(Migrator).Assembly).For.Migrations())
            .BuildServiceProvider(false);
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp();
        using var db = database.Open();
        LedgerLock.Ensure(db);
    }

    /// <summary>The newest migration the database has, 0 for an empty one.</summary>
    public long Version()
    {
        var exists = database.Scalar(database.IsSqlite
            ? "select 1 from sqlite_master where type = 'table' and name = 'afs_schema'"
            : "select 1 from information_schema.tables where table_schema = database() and table_name = 'afs_schema'");
        return exists is null ? 0 : Convert.ToInt64(database.Scalar("select max(version) from afs_schema"), CultureInfo.InvariantCulture);
    }

    sealed class VersionTable : IVersionTableMetaData
    {
        public bool OwnsSchema => false;
        public string SchemaName => "";
        public string TableName => "afs_schema";
        public string ColumnName => "version";
        public string DescriptionColumnName => "description";
        public string UniqueIndexName => "afs_schema_version";
        public string AppliedOnColumnName => "applied_on";
        public bool CreateWithPrimaryKey => false;
    }
}
