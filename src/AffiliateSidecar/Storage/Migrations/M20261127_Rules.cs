using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>What one order has to know of others: the customer's first, approved sales, what capped rules have paid.</summary>
[Migration(20261127)]
public sealed class M20261127Rules : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Index("afs_orders_customer_placed").OnTable("afs_orders").OnColumn("customer_key").Ascending().OnColumn("placed_at").Ascending();
        Alter.Table("afs_commissions")
            .AddColumn("override_at").AsInstant().Nullable()
            .AddColumn("counts_at").AsInstant().Nullable()
            .AddColumn("net_minor").AsInt64().NotNullable().WithDefaultValue(0);
        Execute.Sql("UPDATE afs_commissions SET override_at = updated_at WHERE override IS NOT NULL");
        Execute.Sql("UPDATE afs_commissions SET counts_at = CASE WHEN override IN ('hold', 'reverse') THEN NULL WHEN override = 'approve' AND override_at < matures_at "
            + "THEN override_at ELSE matures_at END");
        // Goods that came back in part are known again when their order is next looked at.
        Execute.Sql("UPDATE afs_commissions SET net_minor = (SELECT o.base_minor FROM afs_orders o WHERE o.id = afs_commissions.order_id) WHERE amount_minor <> 0");
        Delete.Index("afs_commissions_partner").OnTable("afs_commissions");
        Create.Index("afs_commissions_partner").OnTable("afs_commissions").OnColumn("partner_id").Ascending().OnColumn("counts_at").Ascending();
        Create.Table("afs_rule_amounts")
            .WithColumn("order_id").AsPublicId().PrimaryKey()
            .WithColumn("rule_id").AsString(60).PrimaryKey()
            .WithColumn("partner_id").AsInt32().NotNullable()
            .WithColumn("customer_key").AsString(64).Nullable()
            .WithColumn("currency").AsString(4).NotNullable()
            .WithColumn("placed_at").AsInstant().NotNullable()
            .WithColumn("shop").AsString(40).NotNullable()
            .WithColumn("external_id").AsString(100).NotNullable()
            .WithColumn("amount_minor").AsInt64().NotNullable();
        Create.Index("afs_rule_amounts_partner").OnTable("afs_rule_amounts")
            .OnColumn("partner_id").Ascending().OnColumn("rule_id").Ascending().OnColumn("placed_at").Ascending();
        // Text compares byte by byte, as in SQLite.
        IfDatabase("mysql").Execute.Sql("ALTER TABLE afs_rule_amounts CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
