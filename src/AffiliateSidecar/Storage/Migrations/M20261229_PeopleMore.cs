using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>
/// Reports read a quarter of sales in one pass: on SQLite the daily sums lie in the order of their key, as on MySQL, and are not looked up one by one. Bonuses of a time are found without reading the
/// whole ledger. Which terms an applicant has agreed to, and what they say of own purchases. Whether a partner has got the notice of new terms is known by its mail.
/// </summary>
[Migration(20261229)]
public sealed class M20261229PeopleMore : ForwardOnlyMigration
{
    const string Columns = "day, partner_id, currency, category, orders, new_orders, net_minor, new_net_minor, commission_minor, discount_minor";

    public override void Up()
    {
        Create.Column("terms_version").OnTable("afs_partners").AsInt32().Nullable();
        Create.Column("own_purchases").OnTable("afs_terms").AsBoolean().Nullable();
        Execute.Sql("ALTER TABLE afs_terms_notices DROP COLUMN sent_at");
        Create.Index("afs_ledger_kind").OnTable("afs_ledger").OnColumn("kind").Ascending().OnColumn("at").Ascending();
        IfDatabase("sqlite").Execute.Sql($"""
            CREATE TABLE afs_sales_days_sorted (day INTEGER NOT NULL, partner_id INTEGER NOT NULL, currency TEXT NOT NULL, category TEXT NOT NULL, orders INTEGER NOT NULL, new_orders INTEGER NOT NULL,
                net_minor INTEGER NOT NULL, new_net_minor INTEGER NOT NULL, commission_minor INTEGER NOT NULL, discount_minor INTEGER NOT NULL, PRIMARY KEY (day, partner_id, currency, category)) WITHOUT ROWID
            """);
        IfDatabase("sqlite").Execute.Sql($"INSERT INTO afs_sales_days_sorted ({Columns}) SELECT {Columns} FROM afs_sales_days");
        IfDatabase("sqlite").Execute.Sql("DROP TABLE afs_sales_days");
        IfDatabase("sqlite").Execute.Sql("ALTER TABLE afs_sales_days_sorted RENAME TO afs_sales_days");
    }
}
