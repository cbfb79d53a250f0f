namespace AffiliateSidecar.Shops.Reading.Findings;

/// <summary>The views which a shop that is not WooCommerce shows its orders through.</summary>
static class ViewsCheck
{
    public static async Task RunAsync(Examination examination, ShopDb db, CancellationToken cancel)
    {
        var tables = await TableCheck.TryAsync(examination, db, cancel);
        if (await tables.IsWrongPrefixAsync(examination, db, cancel))
            return;
        tables.Report(examination, _ => true, _ => false);
        if (tables.CanRead("orders"))
            await OrderCount.RunAsync(examination, db, Sql.Name(examination.Shop.TablePrefix + "orders"), "1 = 1", null, cancel);
    }
}
