using System.Text.Json;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>
/// Reads members of WooCommerce's JSON, whose types depend on plugins, filters and PHP: a number may be a string, an absent thing
/// <c>""</c>, <c>0</c>, <c>null</c>, <c>false</c> or missing.
/// </summary>
static class PayloadJson
{
    /// <summary>Far above any order, and below what 64 bits of minor units hold for every currency.</summary>
    const decimal Most = 10_000_000_000_000m;

    /// <summary>Text or number as text, trimmed; null where there is nothing.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.TryGetProperty(name, out var value)
        ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Trim() is { Length: > 0 } text ? text : null,
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;

    /// <summary>A machine's word: a status, an error code.</summary>
    public static string? Word(this JsonElement parent, string name) =>
        parent.Text(name) is { Length: <= 40 } word && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? word : null;

    /// <summary>A row id of WordPress; it has no upper end. Null where it is missing or 0.</summary>
    public static string? Id(this JsonElement parent, string name) =>
        parent.Text(name) is { Length: <= 20 } id && id.All(char.IsAsciiDigit) && id.TrimStart('0') is { Length: > 0 } digits ? digits : null;

    /// <summary>An amount in major units; 0 where it is missing.</summary>
    public static decimal Amount(this JsonElement parent, string name)
    {
        if (parent.Text(name) is not { } text)
            return 0;
        // Numbers may have an exponent, strings are written by number_format.
        var read = parent.GetProperty(name).ValueKind == JsonValueKind.Number
            ? parent.GetProperty(name).TryGetDecimal(out var amount)
            : DecimalText.TryParse(text, out amount);
        if (!read || Math.Abs(amount) > Most)
            throw new UselessPayloadException($"The order's {name} is not an amount.");
        return amount == 0 ? 0 : amount; // "-0.00" is 0
    }

    /// <summary>A time of a <c>_gmt</c> member, which is UTC without saying so. A date of another century is a mistake: it would win over every later one.</summary>
    public static DateTimeOffset? Utc(this JsonElement parent, string name) =>
        Rfc3339.TryParse(parent.Text(name), out var time) && time.Year is >= 2000 and < 2100 ? time : null;

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
