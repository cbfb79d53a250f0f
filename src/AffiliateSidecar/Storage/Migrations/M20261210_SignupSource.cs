using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Through which door partners found the form.</summary>
[Migration(20261210)]
public sealed class M20261210SignupSource : ForwardOnlyMigration
{
    public override void Up() => Create.Column("signup_source").OnTable("afs_partners").AsString(40).Nullable();
}
