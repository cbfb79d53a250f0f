using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Every version of the terms as partners read it, whom a change was to be told, and rules that apply from a day still to come.</summary>
[Migration(20261203)]
public sealed class M20261203Terms : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_terms")
            .WithColumn("version").AsInt32().PrimaryKey()
            .WithColumn("rule_version").AsInt32().NotNullable()
            .WithColumn("hash").AsString(64).NotNullable()
            .WithColumn("texts").AsText().NotNullable()
            .WithColumn("effective_at").AsInstant().NotNullable()
            .WithColumn("created_at").AsInstant().NotNullable();
        Create.Table("afs_terms_notices")
            .WithColumn("version").AsInt32().PrimaryKey()
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("queued_at").AsInstant().NotNullable()
            .WithColumn("sent_at").AsInstant().Nullable();
        Alter.Table("afs_rule_versions").AddColumn("applies_at").AsInstant().NotNullable().WithDefaultValue(0);
        Execute.Sql("UPDATE afs_rule_versions SET applies_at = created_at");
        // Text compares byte by byte, as in SQLite.
        IfDatabase("mysql").Execute.Sql("ALTER TABLE afs_terms CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
