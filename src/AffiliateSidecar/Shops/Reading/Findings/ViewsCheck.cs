using AffiliateSidecar.Shops.Views;

namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The views which a shop that is not WooCommerce shows its orders through.</summary>
static class ViewsCheck
{
    public static async Task RunAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var tables = await TableCheck.TryAsync(examination, db, cancel);
        if (await tables.IsWrongPrefixAsync(examination, db, cancel))
            return;
        tables.Report(examination, view => view.Hpos, _ => false);
        if (ShopTables.For(examination.Shop).Where(view => view.Hpos).All(view => tables.CanRead(view.Name)))
            await ColumnsAsync(examination, db, cancel);
        if (tables.CanRead("orders"))
            await OrderCount.RunAsync(examination, db, Sql.Name(examination.Shop.TablePrefix + "orders"), "1 = 1", null, cancel);
    }

    static async Task ColumnsAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        try
        {
            var views = await SqlViews.ReadAsync(db, examination.Shop.TablePrefix, cancel);
            examination.Well("columns", views.RefundLines is null
                ? "The views have the columns they need. Refunds are known by their amount, not by their lines: there is no view of those."
                : "The views have the columns they need.");
        }
        catch (ShopDatabaseException e)
        {
            examination.Failed("columns", e.Message, "Add it with CREATE OR REPLACE VIEW, then check again.");
        }
    }
}
