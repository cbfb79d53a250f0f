using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What an order's meta says of who sent the customer. The values are texts; a key that repeats counts once, the first time.</summary>
static class OrderMeta
{
    const string Attribution = "_wc_order_attribution_";

    // What WooCommerce remembers of the visit, as far as it says who sent the customer.
    static readonly (string Name, string Key)[] Visit = [.. new[] { "session_entry", "session_start_time", "source_type", "referrer",
        "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term" }.Select(name => (name, Attribution + name))];

    /// <summary>All keys that are read.</summary>
    public static IReadOnlyList<string> Keys(ShopSettings shop) =>
        [.. Visit.Select(v => v.Key).Concat(["aff_click", "_aff_click", shop.PartnerCodeMeta]).Distinct()];

    public static string? ClickId(Dictionary<string, string> meta) => Short(meta, "aff_click") ?? Short(meta, "_aff_click");

    public static string? PartnerCode(ShopSettings shop, Dictionary<string, string> meta) => Short(meta, shop.PartnerCodeMeta);

    public static Dictionary<string, string>? Landing(Dictionary<string, string> meta)
    {
        var known = new Dictionary<string, string>(Visit.Length);
        foreach (var (name, key) in Visit)
            if (meta.TryGetValue(key, out var value))
                known.Add(name, value);
        return known.Count > 0 ? known : null;
    }

    /// <summary>No code of ours is longer.</summary>
    static string? Short(Dictionary<string, string> meta, string key) => meta.GetValueOrDefault(key) is { Length: <= 100 } value ? value : null;
}
