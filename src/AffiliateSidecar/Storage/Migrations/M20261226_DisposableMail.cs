using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>Whether the customer's mail address was made for one use. Null: it was not told.</summary>
[Migration(20261226)]
public sealed class M20261226DisposableMail : ForwardOnlyMigration
{
    public override void Up() => Create.Column("has_disposable_mail").OnTable("afs_orders").AsBoolean().Nullable();
}
