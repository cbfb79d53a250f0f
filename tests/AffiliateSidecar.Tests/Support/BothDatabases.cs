using System.Reflection;
using AffiliateSidecar.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(MariaDbServer))]

namespace AffiliateSidecar.Support;

public enum Db
{
    Sqlite,
    MariaDb,
}

/// <summary>The test runs once on SQLite and once on a real MariaDB: a database outside the suite is one we do not support.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BothDatabasesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Db>(Db.Sqlite), new TheoryDataRow<Db>(Db.MariaDb)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
