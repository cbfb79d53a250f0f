using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Sales by day, and what the owner's two hours go by: figures and segments of partners, whom to talk to, minutes spent.</summary>
[Migration(20261211)]
public sealed class M20261211People : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_sales_days")
            .WithColumn("day").AsInstant().PrimaryKey()
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("currency").AsString(4).PrimaryKey()
            .WithColumn("category").AsString(190).PrimaryKey()
            .WithColumn("orders").AsInt64().NotNullable()
            .WithColumn("new_orders").AsInt64().NotNullable()
            .WithColumn("net_minor").AsInt64().NotNullable()
            .WithColumn("new_net_minor").AsInt64().NotNullable()
            .WithColumn("commission_minor").AsInt64().NotNullable()
            .WithColumn("discount_minor").AsInt64().NotNullable();
        Create.Table("afs_partner_figures")
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("day").AsInstant().NotNullable()
            .WithColumn("currency").AsString(4).NotNullable()
            .WithColumn("clicks").AsInt64().NotNullable()
            .WithColumn("orders_month").AsInt64().NotNullable()
            .WithColumn("orders_before").AsInt64().NotNullable()
            .WithColumn("orders").AsInt64().NotNullable()
            .WithColumn("net_month_minor").AsInt64().NotNullable()
            .WithColumn("net_before_minor").AsInt64().NotNullable()
            .WithColumn("net_minor").AsInt64().NotNullable()
            .WithColumn("first_click").AsInstant().Nullable()
            .WithColumn("last_click").AsInstant().Nullable()
            .WithColumn("first_order").AsInstant().Nullable()
            .WithColumn("last_order").AsInstant().Nullable();
        Create.Table("afs_partner_segments")
            .WithColumn("segment").AsString(60).PrimaryKey()
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("reason").AsString(500).NotNullable()
            .WithColumn("since").AsInstant().NotNullable();
        Create.Table("afs_segments")
            .WithColumn("name").AsString(60).PrimaryKey()
            .WithColumn("filter").AsString(1000).NotNullable()
            .WithColumn("created_at").AsInstant().NotNullable();
        Create.Table("afs_talks")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("partner_id").AsInt32().NotNullable().Indexed("afs_talks_partner_id")
            .WithColumn("at").AsInstant().NotNullable()
            .WithColumn("what").AsString(10).NotNullable()
            .WithColumn("until").AsInstant().Nullable()
            .WithColumn("note").AsString(2000).Nullable()
            .WithColumn("actor").AsString(120).NotNullable();
        Create.Table("afs_minutes")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("at").AsInstant().NotNullable()
            .WithColumn("minutes").AsInt32().NotNullable()
            .WithColumn("note").AsString(500).Nullable()
            .WithColumn("actor").AsString(120).NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_sales_days", "afs_partner_figures", "afs_partner_segments", "afs_segments" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
