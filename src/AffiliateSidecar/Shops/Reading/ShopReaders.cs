using System.Collections.Concurrent;
using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Views;
using AffiliateSidecar.Shops.WooCommerce.Tables;
using LinqToDB;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>Finds the reader for a shop.</summary>
sealed class ShopReaders
{
    // What a statement's rows are read with is compiled once for these options.
    readonly ConcurrentDictionary<string, (ShopSettings Shop, DataOptions Options)> known = new();

    /// <summary>
    /// Asked anew for every run: a shop moves its orders to another storage one day, and the reader of yesterday would read a copy that
    /// nobody keeps any more.
    /// </summary>
    /// <exception cref="ShopDatabaseException">It cannot be read, and why.</exception>
    public async Task<IShopReader> OpenAsync(ShopSettings shop, CancellationToken cancel)
    {
        if (shop.ConnectionString is null)
            throw new ShopDatabaseException($"The shop {shop.Name} has no database: set Sidecar:Shops:{shop.Name}:ConnectionString.");
        var options = Options(shop);
        return shop.Kind == "woocommerce"
            ? await WooReaders.OpenAsync(shop, options, cancel)
            : await ViewReader.OpenAsync(shop, options, cancel);
    }

    /// <exception cref="ShopDatabaseException">The settings are not valid.</exception>
    public DataOptions Options(ShopSettings shop)
    {
        try
        {
            return known.AddOrUpdate(shop.Name, _ => (shop, ShopDb.OptionsFor(shop)), (_, old) => ReferenceEquals(old.Shop, shop) ? old : (shop, ShopDb.OptionsFor(shop))).Options;
        }
        catch (InvalidDataException e)
        {
            throw new ShopDatabaseException(e.Message, e);
        }
    }
}
