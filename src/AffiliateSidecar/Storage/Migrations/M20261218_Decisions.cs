using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>What the owner has decided by a button of the weekly digest, and can take back for a day.</summary>
[Migration(20261218)]
public sealed class M20261218Decisions : ForwardOnlyMigration
{
    public override void Up()
    {
        Create.Table("afs_decisions")
            .WithColumn("id").AsInt32().PrimaryKey().Identity()
            .WithColumn("kind").AsString(20).NotNullable()
            .WithColumn("subject").AsString(80).NotNullable()
            .WithColumn("answer").AsString(20).NotNullable()
            .WithColumn("title").AsString(300).NotNullable()
            .WithColumn("at").AsInstant().NotNullable().Indexed("afs_decisions_at")
            .WithColumn("note").AsString(200).Nullable()
            .WithColumn("undone_at").AsInstant().Nullable();
        IfDatabase("mysql").Execute.Sql("ALTER TABLE afs_decisions CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }
}
