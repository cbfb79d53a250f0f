using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>What the shop's own database said of each order, how far it was read, and what the webhooks had missed.</summary>
[Migration(20261126)]
public sealed class M20261126ShopDatabase : ForwardOnlyMigration
{
    public override void Up()
    {
        Alter.Table("afs_orders")
            .AddColumn("shop_body").AsText().Nullable()
            .AddColumn("shop_digest").AsString(190).Nullable()
            .AddColumn("shop_updated_at").AsInstant().Nullable()
            .AddColumn("shop_read_at").AsInstant().Nullable();
        Create.Table("afs_shop_syncs")
            .WithColumn("shop").AsString(40).PrimaryKey()
            .WithColumn("lease_owner").AsString(60).Nullable()
            .WithColumn("lease_until").AsInstant().Nullable()
            .WithColumn("reader").AsString(20).Nullable()
            .WithColumn("cursor_text").AsText().Nullable()
            .WithColumn("synced_at").AsInstant().Nullable()
            .WithColumn("sweep_since").AsInstant().Nullable()
            .WithColumn("sweep_after").AsString(100).Nullable()
            .WithColumn("swept_at").AsInstant().Nullable()
            .WithColumn("backfilled_at").AsInstant().Nullable()
            .WithColumn("problem").AsText().Nullable();
        Create.Table("afs_shop_drifts")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("shop").AsString(40).NotNullable()
            .WithColumn("external_id").AsString(100).NotNullable()
            .WithColumn("kind").AsString(20).NotNullable()
            .WithColumn("cause").AsString(40).NotNullable()
            .WithColumn("detail").AsText().NotNullable()
            .WithColumn("currency").AsString(4).Nullable()
            .WithColumn("total_minor").AsInt64().NotNullable()
            .WithColumn("at_stake_minor").AsInt64().NotNullable()
            .WithColumn("changed_at").AsInstant().Nullable()
            .WithColumn("known_at").AsInstant().Nullable()
            .WithColumn("refunds_gone").AsBoolean().NotNullable()
            .WithColumn("found_at").AsInstant().NotNullable()
            .WithColumn("recovered_at").AsInstant().Nullable();
        Create.Index("afs_shop_drifts_shop_recovered").OnTable("afs_shop_drifts").OnColumn("shop").Ascending().OnColumn("recovered_at").Ascending();
        Create.Index("afs_shop_drifts_order").OnTable("afs_shop_drifts").OnColumn("shop").Ascending().OnColumn("external_id").Ascending();
        Create.Table("afs_delivery_refusals")
            .WithColumn("shop").AsString(40).PrimaryKey()
            .WithColumn("external_id").AsString(100).PrimaryKey()
            .WithColumn("reason").AsString(190).PrimaryKey()
            .WithColumn("count").AsInt64().NotNullable()
            .WithColumn("first_at").AsInstant().NotNullable()
            .WithColumn("last_at").AsInstant().NotNullable();
        Create.Table("afs_downtimes")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("from_at").AsInstant().NotNullable()
            .WithColumn("to_at").AsInstant().NotNullable();

        string[] tables = ["orders", "shop_syncs", "shop_drifts", "delivery_refusals", "downtimes"];
        // Text compares byte by byte, as in SQLite.
        foreach (var table in tables)
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE afs_{table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
