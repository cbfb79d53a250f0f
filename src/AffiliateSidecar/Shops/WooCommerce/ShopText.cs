using System.Globalization;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What a text of WooCommerce says, whether it stands in its JSON or in its tables. Plugins write anything anywhere.</summary>
static class ShopText
{
    /// <summary>Far above any order, and below what 64 bits of minor units hold for every currency.</summary>
    const decimal Most = 10_000_000_000_000m;

    // PHP writes a small number as 1.0E-5.
    const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Trimmed; null where there is nothing.</summary>
    public static string? Text(string? text) => text?.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>A machine's word: a status, an error code.</summary>
    public static string? Word(string? text) =>
        Text(text) is { Length: <= 40 } word && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? word : null;

    /// <summary>A row id of WordPress; it has no upper end. Null where it is missing or 0.</summary>
    public static string? Id(string? text) =>
        Text(text) is { Length: <= 20 } id && id.All(char.IsAsciiDigit) && id.TrimStart('0') is { Length: > 0 } digits ? digits : null;

    /// <summary>An amount in major units; 0 where it is missing.</summary>
    /// <param name="name">What the amount is, for the owner.</param>
    /// <exception cref="UselessPayloadException">It is none.</exception>
    public static decimal Amount(string? text, string name)
    {
        if (Text(text) is not { } written)
            return 0;
        return written.Length <= 40 && decimal.TryParse(written, Style, CultureInfo.InvariantCulture, out var amount)
            ? Amount(amount, name)
            : throw NoAmount(name);
    }

    public static decimal Amount(decimal amount, string name)
    {
        if (Math.Abs(amount) > Most)
            throw NoAmount(name);
        return amount == 0 ? 0 : amount; // "-0.00" is 0
    }

    public static UselessPayloadException NoAmount(string name) => new($"The order's {name} is not an amount.");

    public static decimal Quantity(decimal quantity) =>
        quantity is >= -1_000_000 and <= 1_000_000 ? quantity : throw new UselessPayloadException("A quantity is out of all reason.");

    /// <summary>A time that is UTC without saying so. A date of another century is a mistake: it would win over every later one.</summary>
    public static DateTimeOffset? Utc(string? text) => Rfc3339.TryParse(text, out var time) && time.Year is >= 2000 and < 2100 ? time : null;
}
