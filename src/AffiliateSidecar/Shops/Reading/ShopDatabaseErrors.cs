using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.Reading;

/// <summary>What the driver says, in the owner's words.</summary>
static class ShopDatabaseErrors
{
    public static string Sentence(ShopSettings shop, Exception error) => $"The database of shop {shop.Name} cannot be read: {error.Message}";
}
