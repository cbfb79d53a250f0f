using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Applications on their way from the form to the first sale.</summary>
[Migration(20261216)]
public sealed class M20261216Applications : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_applications")
            .WithColumn("partner_id").AsInt32().PrimaryKey()
            .WithColumn("submitted_at").AsInstant().NotNullable()
            .WithColumn("asked_at").AsInstant().Nullable()
            .WithColumn("confirmed_at").AsInstant().Nullable()
            .WithColumn("looked_at").AsInstant().Nullable()
            .WithColumn("site").AsString(12).NotNullable()
            .WithColumn("site_detail").AsString(200).Nullable()
            .WithColumn("decided_at").AsInstant().Nullable()
            .WithColumn("approved_by").AsString(6).Nullable()
            .WithColumn("cap_minor").AsInt64().Nullable()
            .WithColumn("cap_currency").AsString(4).Nullable();
        Create.Table("afs_funnel_days")
            .WithColumn("day").AsInstant().PrimaryKey()
            .WithColumn("step").AsString(10).PrimaryKey()
            .WithColumn("source").AsString(40).PrimaryKey()
            .WithColumn("locale").AsString(20).PrimaryKey()
            .WithColumn("count").AsInt64().NotNullable();
        // Text compares byte by byte, as in SQLite.
        foreach (var table in new[] { "afs_applications", "afs_funnel_days" })
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        Create.Index("afs_partners_signup_address").OnTable("afs_partners").OnColumn("signup_address");
    }
}
