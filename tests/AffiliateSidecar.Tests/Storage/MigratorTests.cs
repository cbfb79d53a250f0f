using System.Reflection;
using FluentMigrator;
using Xunit;

namespace AffiliateSidecar.Storage;

public sealed class MigratorTests
{
    [Fact]
    public void The_program_knows_its_newest_migration() =>
        Assert.Equal(Migrator.Known, typeof(Migrator).Assembly.GetTypes().Max(t => t.GetCustomAttribute<MigrationAttribute>()?.Version ?? 0));
}
