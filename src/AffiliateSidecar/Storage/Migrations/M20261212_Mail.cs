using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Outgoing mail, who wants none, and which node may do what only one may.</summary>
[Migration(20261212)]
public sealed class M20261212Mail : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_mails")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("cause").AsString(120).NotNullable()
            .WithColumn("address").AsString(254).NotNullable()
            .WithColumn("name").AsString(200).Nullable()
            .WithColumn("partner_id").AsInt32().Nullable().Indexed("afs_mails_partner_id")
            .WithColumn("locale").AsString(20).NotNullable()
            .WithColumn("topic").AsString(40).Nullable()
            .WithColumn("template").AsString(120).NotNullable()
            .WithColumn("model").AsText().Nullable()
            .WithColumn("reply_to").AsString(254).Nullable()
            .WithColumn("in_reply_to").AsString(250).Nullable()
            .WithColumn("message_id").AsString(250).NotNullable().Indexed("afs_mails_message_id")
            .WithColumn("status").AsString(12).NotNullable()
            .WithColumn("urgency").AsInt32().NotNullable()
            .WithColumn("due_at").AsInstant().NotNullable()
            .WithColumn("attempts").AsInt32().NotNullable()
            .WithColumn("problem").AsString(500).Nullable()
            .WithColumn("created_at").AsInstant().NotNullable()
            .WithColumn("handed_at").AsInstant().Nullable()
            .WithColumn("ended_at").AsInstant().Nullable();
        Create.Table("afs_mail_stops")
            .WithColumn("address_key").AsString(22).PrimaryKey()
            .WithColumn("topic").AsString(40).PrimaryKey()
            .WithColumn("reason").AsString(20).NotNullable()
            .WithColumn("detail").AsString(500).Nullable()
            .WithColumn("at").AsInstant().NotNullable();
        Create.Table("afs_leases")
            .WithColumn("name").AsString(60).PrimaryKey()
            .WithColumn("owner").AsString(40).NotNullable()
            .WithColumn("until").AsInstant().NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_mails", "afs_mail_stops", "afs_leases" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        Create.Index("afs_mails_once").OnTable("afs_mails").OnColumn("cause").Ascending().OnColumn("address").Ascending().WithOptions().Unique();
        Create.Index("afs_mails_next").OnTable("afs_mails").OnColumn("status").Ascending().OnColumn("urgency").Ascending().OnColumn("due_at").Ascending();
    }
}
