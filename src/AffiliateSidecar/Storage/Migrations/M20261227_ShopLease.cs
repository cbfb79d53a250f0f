using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Which node reads a shop is said where all such things are said: in the leases.</summary>
[Migration(20261227)]
public sealed class M20261227ShopLease : ForwardOnlyMigration
{
    public override void Up()
    {
        foreach (var column in new[] { "lease_owner", "lease_until" })
            Execute.Sql($"ALTER TABLE afs_shop_syncs DROP COLUMN {column}");
    }
}
