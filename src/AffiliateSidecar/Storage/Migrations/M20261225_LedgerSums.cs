using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Sums of ledger entries that are long settled, so that a balance reads the newest entries only.</summary>
[Migration(20261225)]
public sealed class M20261225LedgerSums : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_ledger_sums")
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("currency").AsString(4).PrimaryKey()
            .WithColumn("account").AsString(10).PrimaryKey()
            .WithColumn("amount_minor").AsInt64().NotNullable();
        Create.Table("afs_ledger_closing")
            .WithColumn("id").AsInt32().PrimaryKey()
            .WithColumn("closed_to").AsInt64().NotNullable()
            .WithColumn("next_to").AsInt64().NotNullable()
            .WithColumn("next_at").AsInstant().NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_ledger_sums", "afs_ledger_closing" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        Execute.Sql("INSERT INTO afs_ledger_closing (id, closed_to, next_to, next_at) VALUES (1, 0, 0, 0)");
        Create.Index("afs_ledger_partner").OnTable("afs_ledger").OnColumn("partner_id").Ascending().OnColumn("id").Ascending();
    }
}
