using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>What fraud signals read, and what came of their findings.</summary>
[Migration(20261201)]
public sealed class M20261201Fraud : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Column("address").OnTable("afs_clicks").AsInt64().Nullable();
        Create.Column("is_hosted").OnTable("afs_clicks").AsBoolean().Nullable();
        Create.Column("is_advertised").OnTable("afs_clicks").AsBoolean().Nullable();
        Create.Column("address").OnTable("afs_orders").AsInt64().Nullable();
        Create.Column("signup_address").OnTable("afs_partners").AsInt64().Nullable();
        Create.Column("payout_hash").OnTable("afs_partners").AsString(64).Nullable();
        Create.Table("afs_click_days")
            .WithColumn("day").AsInt32().PrimaryKey()
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("profile").AsBinary(16_777_215).NotNullable()
            .WithColumn("has_addresses").AsBoolean().NotNullable();
        Create.Index("afs_click_days_addresses").OnTable("afs_click_days").OnColumn("has_addresses").Ascending().OnColumn("day").Ascending();
        // Clicks from before have no days yet: they are made once the tables are there.
        Execute.Sql("INSERT INTO afs_settings (name, value) SELECT 'click-days-missing', '1' FROM afs_clicks LIMIT 1");
        Create.Table("afs_fraud_cases")
            .WithColumn("id").AsPublicId().PrimaryKey()
            .WithColumn("partner_id").AsInt32().NotNullable().Indexed("afs_fraud_cases_partner_id")
            .WithColumn("message").AsPublicId().NotNullable()
            .WithColumn("status").AsString(10).NotNullable()
            .WithColumn("opened_at").AsInstant().NotNullable()
            .WithColumn("day").AsInt32().NotNullable()
            .WithColumn("evidence_day").AsInt32().NotNullable()
            .WithColumn("risk").AsDouble().NotNullable()
            .WithColumn("money_minor").AsInt64().NotNullable()
            .WithColumn("next_minor").AsInt64().NotNullable()
            .WithColumn("currency").AsString(4).NotNullable()
            .WithColumn("told").AsInt32().NotNullable()
            .WithColumn("told_day").AsInt32().NotNullable()
            .WithColumn("told_minor").AsInt64().NotNullable()
            .WithColumn("told_families").AsString(1000).NotNullable()
            .WithColumn("reasons").AsString(1000).NotNullable()
            .WithColumn("evidence").AsText().NotNullable()
            .WithColumn("held_until").AsInstant().Nullable()
            .WithColumn("released_at").AsInstant().Nullable()
            .WithColumn("verdict").AsString(12).Nullable()
            .WithColumn("action").AsString(10).Nullable()
            .WithColumn("note").AsString(2000).Nullable()
            .WithColumn("resolved_at").AsInstant().Nullable()
            .WithColumn("resolved_by").AsString(120).Nullable();
        Create.Table("afs_fraud_tolerances")
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("family").AsString(40).PrimaryKey()
            .WithColumn("until").AsInstant().NotNullable()
            .WithColumn("case_id").AsPublicId().NotNullable();
        Create.Table("afs_fraud_scans")
            .WithColumn("day").AsInt32().PrimaryKey()
            .WithColumn("ran_at").AsInstant().NotNullable()
            .WithColumn("partners").AsInt32().NotNullable()
            .WithColumn("suspicious").AsInt32().NotNullable()
            .WithColumn("messages").AsInt32().NotNullable()
            .WithColumn("expected_false").AsDouble().NotNullable()
            .WithColumn("slots").AsDouble().NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_fraud_cases", "afs_fraud_tolerances" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
