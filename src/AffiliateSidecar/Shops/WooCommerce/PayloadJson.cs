using System.Text.Json;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>
/// Reads members of WooCommerce's JSON, whose types depend on plugins, filters and PHP: a number may be a string, an absent thing
/// <c>""</c>, <c>0</c>, <c>null</c>, <c>false</c> or missing.
/// </summary>
static class PayloadJson
{
    /// <summary>Text or number as text, trimmed; null where there is nothing.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => ShopText.Text(value.GetString()),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    /// <summary>A machine's word: a status, an error code.</summary>
    public static string? Word(this JsonElement parent, string name) => ShopText.Word(parent.Text(name));

    /// <summary>A row id of WordPress; null where it is missing or 0.</summary>
    public static string? Id(this JsonElement parent, string name) => ShopText.Id(parent.Text(name));

    /// <summary>An amount in major units; 0 where it is missing.</summary>
    public static decimal Amount(this JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.Number)
            return ShopText.Amount(parent.Text(name), name);
        return value.TryGetDecimal(out var amount) ? ShopText.Amount(amount, name) : throw ShopText.NoAmount(name);
    }

    /// <summary>A time of a <c>_gmt</c> member.</summary>
    public static DateTimeOffset? Utc(this JsonElement parent, string name) => ShopText.Utc(parent.Text(name));

    /// <summary>The objects of an array; none where it is missing.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object)
            : [];

    /// <summary>An object; an empty one where it is missing.</summary>
    public static JsonElement Object(this JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : Empty;

    static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;
}
