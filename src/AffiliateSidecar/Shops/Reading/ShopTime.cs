namespace AffiliateSidecar.Shops.Reading;

/// <summary>Times as a shop's database compares them: UTC, whole seconds, without saying so.</summary>
static class ShopTime
{
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss");
}
