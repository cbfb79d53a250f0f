using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>One row a link and day instead of one an hour: a report over months reads a fifth of the rows.</summary>
[Migration(20261230)]
public sealed class M20261230LinkDays : ForwardOnlyMigration
{
    public override void Up()
    {
        // By day, as every reader asks for them; the hours lie with their key.
        IfDatabase("sqlite").Execute.Sql("CREATE TABLE afs_link_days (day INTEGER NOT NULL, partner_id INTEGER NOT NULL, link_id INTEGER NOT NULL, clicks INTEGER NOT NULL, hours BLOB NOT NULL, "
            + "PRIMARY KEY (day, partner_id, link_id)) WITHOUT ROWID");
        IfDatabase("mysql").Execute.Sql("CREATE TABLE afs_link_days (day INT NOT NULL, partner_id INT NOT NULL, link_id INT NOT NULL, clicks BIGINT NOT NULL, hours VARBINARY(1300) NOT NULL, "
            + "PRIMARY KEY (day, partner_id, link_id))");
        // Packed once the tables are there; then the hours go.
        Execute.Sql("INSERT INTO afs_settings (name, value) VALUES ('link-days-missing', '1')");
    }
}
