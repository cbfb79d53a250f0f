using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Talks with partners.</summary>
[Migration(20261217)]
public sealed class M20261217Threads : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_threads")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("partner_id").AsInt32().NotNullable().Indexed("afs_threads_partner_id")
            .WithColumn("subject").AsString(200).NotNullable()
            .WithColumn("created_at").AsInstant().NotNullable()
            .WithColumn("updated_at").AsInstant().NotNullable()
            .WithColumn("waiting_since").AsInstant().Nullable().Indexed("afs_threads_waiting_since");
        Create.Table("afs_messages")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("thread_id").AsInt32().NotNullable()
            .WithColumn("at").AsInstant().NotNullable()
            .WithColumn("origin").AsString(8).NotNullable()
            .WithColumn("channel").AsString(8).NotNullable()
            .WithColumn("actor").AsString(120).NotNullable()
            .WithColumn("sender").AsString(254).Nullable()
            .WithColumn("text").AsText().NotNullable()
            .WithColumn("left_out").AsString(1000).Nullable()
            .WithColumn("message_id").AsString(250).Nullable();
        Create.Table("afs_message_files")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("message_id").AsInt32().NotNullable().Indexed("afs_message_files_message_id")
            .WithColumn("name").AsString(200).NotNullable()
            .WithColumn("type").AsString(100).NotNullable()
            .WithColumn("size").AsInt32().NotNullable()
            .WithColumn("content").AsBinary(16_777_215).NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_threads", "afs_messages", "afs_message_files" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        Create.Index("afs_messages_once").OnTable("afs_messages").OnColumn("thread_id").Ascending().OnColumn("message_id").Ascending().WithOptions().Unique();
        Create.Index("afs_messages_at").OnTable("afs_messages").OnColumn("at");
    }
}
