using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Payout batches and their lines, payout details with their history, and what the ledger's entries refer to.</summary>
[Migration(20261128)]
public sealed class M20261128Payouts : ForwardOnlyMigration
{
    public override void Up()
    {
        Alter.Table("afs_ledger").AddColumn("reference").AsPublicId().Nullable();
        Create.Index("afs_ledger_reference").OnTable("afs_ledger").OnColumn("reference").Ascending();
        Alter.Table("afs_commissions")
            .AddColumn("approved_at").AsInstant().Nullable()
            .AddColumn("payout_id").AsPublicId().Nullable();
        Execute.Sql("UPDATE afs_commissions SET approved_at = updated_at WHERE status = 'approved'");
        Create.Table("afs_payout_details")
            .WithColumn("id").AsInt64().PrimaryKey().Identity()
            .WithColumn("partner_id").AsInt32().NotNullable()
            .WithColumn("method").AsString(10).NotNullable()
            .WithColumn("details").AsText().NotNullable()
            .WithColumn("account").AsString(60).NotNullable()
            .WithColumn("account_key").AsString(64).NotNullable()
            .WithColumn("actor").AsString(120).NotNullable()
            .WithColumn("created_at").AsInstant().NotNullable()
            .WithColumn("usable_from").AsInstant().NotNullable();
        Create.Index("afs_payout_details_partner").OnTable("afs_payout_details").OnColumn("partner_id").Ascending();
        Create.Index("afs_payout_details_account").OnTable("afs_payout_details").OnColumn("account_key").Ascending();
        Alter.Table("afs_partners").AddColumn("payout_details_id").AsInt64().Nullable();
        // Found out when they are used: here they cannot be decrypted.
        Execute.Sql("""
            INSERT INTO afs_payout_details (partner_id, method, details, account, account_key, actor, created_at, usable_from)
            SELECT id, '', payout, '', '', 'system', updated_at, updated_at FROM afs_partners WHERE payout IS NOT NULL
            """);
        Execute.Sql("UPDATE afs_partners SET payout_details_id = (SELECT MAX(d.id) FROM afs_payout_details d WHERE d.partner_id = afs_partners.id)");
        Execute.Sql("ALTER TABLE afs_partners DROP COLUMN payout");
        Create.Table("afs_payouts")
            .WithColumn("id").AsPublicId().PrimaryKey()
            .WithColumn("status").AsString(10).NotNullable()
            .WithColumn("currency").AsString(4).NotNullable()
            .WithColumn("period").AsString(40).NotNullable()
            // Two open batches of a currency, or two of one period, cannot be.
            .WithColumn("open_key").AsString(4).Nullable().Unique("afs_payouts_open_key")
            .WithColumn("minimum_minor").AsInt64().NotNullable()
            .WithColumn("total_minor").AsInt64().NotNullable()
            .WithColumn("line_count").AsInt32().NotNullable()
            .WithColumn("skipped_count").AsInt32().NotNullable()
            .WithColumn("hash").AsString(64).NotNullable()
            .WithColumn("execute_on").AsString(10).NotNullable()
            .WithColumn("pay_currency").AsString(4).NotNullable()
            .WithColumn("rate").AsString(40).Nullable()
            .WithColumn("rate_source").AsString(100).Nullable()
            .WithColumn("rate_at").AsInstant().Nullable()
            .WithColumn("actor").AsString(120).NotNullable()
            .WithColumn("created_at").AsInstant().NotNullable()
            .WithColumn("reviewed_by").AsString(120).Nullable()
            .WithColumn("reviewed_at").AsInstant().Nullable()
            .WithColumn("exported_at").AsInstant().Nullable()
            .WithColumn("settled_at").AsInstant().Nullable();
        Create.UniqueConstraint("afs_payouts_currency_period").OnTable("afs_payouts").Columns("currency", "period");
        Create.Table("afs_payout_lines")
            .WithColumn("payout_id").AsPublicId().PrimaryKey()
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("status").AsString(10).NotNullable()
            .WithColumn("amount_minor").AsInt64().NotNullable()
            .WithColumn("pay_minor").AsInt64().NotNullable()
            .WithColumn("method").AsString(10).NotNullable()
            .WithColumn("details_id").AsInt64().Nullable()
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("reason").AsString(500).Nullable()
            .WithColumn("reference").AsString(140).Nullable()
            .WithColumn("settled_at").AsInstant().Nullable();
        Create.Index("afs_payout_lines_partner").OnTable("afs_payout_lines").OnColumn("partner_id").Ascending().OnColumn("status").Ascending();

        string[] tables = ["payout_details", "payouts", "payout_lines"];
        // Text compares byte by byte, as in SQLite.
        foreach (var table in tables)
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE afs_{table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
