using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Partners who have never begun or have gone cold, and how far they were asked back.</summary>
[Migration(20261219)]
public sealed class M20261219Wakes : ForwardOnlyMigration
{
    public override void Up() => Create.Table("afs_wakes")
        .WithColumn("partner_id").AsInt32().PrimaryKey()
        .WithColumn("mails").AsInt32().NotNullable()
        .WithColumn("first_at").AsInstant().NotNullable()
        .WithColumn("last_at").AsInstant().NotNullable()
        .WithColumn("retire_at").AsInstant().Nullable();
}
