using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>Finds the reader for a shop.</summary>
sealed class ShopReaders
{
    /// <summary>
    /// Asked anew for every run: a shop moves its orders to another storage one day, and the reader of yesterday would read a copy that
    /// nobody keeps any more.
    /// </summary>
    /// <exception cref="ShopDatabaseException">It cannot be read, and why.</exception>
    public Task<IShopReader> OpenAsync(ShopSettings shop, CancellationToken cancel) => throw new NotSupportedException(shop.Name);
}
