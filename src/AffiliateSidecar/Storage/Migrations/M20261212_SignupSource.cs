using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Through which door partners found the form.</summary>
[Migration(20261212)]
public sealed class M20261212SignupSource : ForwardOnlyMigration
{
    public override void Up() => Create.Column("signup_source").OnTable("afs_partners").AsString(40).Nullable();
}
