using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>One message to many partners.</summary>
[Migration(20261213)]
public sealed class M20261213Broadcasts : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_broadcasts")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("topic").AsString(40).NotNullable()
            .WithColumn("contents").AsText().NotNullable()
            .WithColumn("audience").AsText().NotNullable()
            .WithColumn("webinar").AsText().Nullable()
            .WithColumn("sequence").AsInt32().NotNullable()
            .WithColumn("rate_per_minute").AsInt32().Nullable()
            .WithColumn("status").AsString(12).NotNullable().Indexed("afs_broadcasts_status")
            .WithColumn("due_at").AsInstant().Nullable()
            .WithColumn("last_partner").AsInt32().NotNullable()
            .WithColumn("queued").AsInt32().NotNullable()
            .WithColumn("left_out").AsText().NotNullable()
            .WithColumn("queued_at").AsInstant().Nullable()
            .WithColumn("created_at").AsInstant().NotNullable()
            .WithColumn("updated_at").AsInstant().NotNullable()
            .WithColumn("actor").AsString(60).NotNullable();
        // Text compares byte by byte, as in SQLite.
        IfDatabase("mysql").Execute.Sql("ALTER TABLE afs_broadcasts CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
