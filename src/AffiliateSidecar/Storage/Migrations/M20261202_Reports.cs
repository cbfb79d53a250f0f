using FluentMigrator;

namespace AffiliateSidecar.Storage.Migrations;

/// <summary>
/// Hourly sums lie by hour: every reader asks for a time, and new hours are written side by side. The reports on orders read an index instead of the orders.
/// </summary>
[Migration(20261202)]
public sealed class M20261202Reports : ForwardOnlyMigration
{
    static readonly (string Table, string[] Sums)[] Hourly =
        [("afs_clicks_hourly", ["clicks", "bots", "prefetches", "duplicates"]), ("afs_impressions_hourly", ["impressions"])];

    public override void Up()
    {
        foreach (var (table, sums) in Hourly)
        {
            IfDatabase("mysql").Execute.Sql($"ALTER TABLE {table} DROP PRIMARY KEY, ADD PRIMARY KEY (hour, partner_id, link_id)");
            var columns = $"hour, partner_id, link_id, {string.Join(", ", sums)}";
            IfDatabase("sqlite").Execute.Sql($"CREATE TABLE {table}_by_hour (hour INTEGER NOT NULL, partner_id INTEGER NOT NULL, link_id INTEGER NOT NULL, "
                + string.Concat(sums.Select(s => $"{s} INTEGER NOT NULL, ")) + "PRIMARY KEY (hour, partner_id, link_id)) WITHOUT ROWID");
            IfDatabase("sqlite").Execute.Sql($"INSERT INTO {table}_by_hour ({columns}) SELECT {columns} FROM {table}");
            IfDatabase("sqlite").Execute.Sql($"DROP TABLE {table}");
            IfDatabase("sqlite").Execute.Sql($"ALTER TABLE {table}_by_hour RENAME TO {table}");
        }
        Delete.Index("afs_orders_placed").OnTable("afs_orders");
        Create.Index("afs_orders_placed").OnTable("afs_orders").OnColumn("placed_at").Ascending().OnColumn("partner_id").Ascending().OnColumn("lag_seconds").Ascending()
            .OnColumn("status").Ascending().OnColumn("method").Ascending().OnColumn("is_new_customer").Ascending().OnColumn("currency").Ascending()
            .OnColumn("total_minor").Ascending().OnColumn("refunded_minor").Ascending().OnColumn("base_minor").Ascending();
    }
}
