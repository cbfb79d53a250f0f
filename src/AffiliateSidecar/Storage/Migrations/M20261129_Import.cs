using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>What another affiliate program had credited, and what was booked here so that balances are as they were there.</summary>
[Migration(20261129)]
public sealed class M20261129Import : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_imported_referrals")
            .WithColumn("program").AsString(20).PrimaryKey()
            .WithColumn("shop").AsString(40).PrimaryKey()
            .WithColumn("external_id").AsString(20).PrimaryKey()
            .WithColumn("partner_id").AsInt32().NotNullable()
            .WithColumn("order_external_id").AsString(100).Nullable()
            .WithColumn("currency").AsString(4).NotNullable()
            .WithColumn("amount_minor").AsInt64().NotNullable()
            .WithColumn("status").AsString(10).NotNullable()
            .WithColumn("payout").AsString(20).Nullable()
            .WithColumn("adjusted_minor").AsInt64().NotNullable()
            .WithColumn("paid_minor").AsInt64().NotNullable()
            .WithColumn("imported_at").AsInstant().NotNullable();
        Create.Index("afs_imported_referrals_partner").OnTable("afs_imported_referrals").OnColumn("partner_id").Ascending();
        // Text compares byte by byte, as in SQLite.
        IfDatabase("mysql").Execute.Sql("ALTER TABLE afs_imported_referrals CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
