using System.Globalization;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Shops.Views;

/// <summary>One order of the views cannot be read; the message is for the shop's owner and quotes no data.</summary>
sealed class UnreadableOrderException(string message) : Exception(message);

/// <summary>A row of a view: texts by column, read as tolerantly as a webhook's payload.</summary>
sealed class ViewRow(IReadOnlyDictionary<string, int> columns, string?[] values)
{
    /// <summary>Far above any order, and below what 64 bits of minor units hold for every currency.</summary>
    const decimal Most = 10_000_000_000_000m;

    const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>As the database has it; null also where the view has no such column.</summary>
    public string? Raw(string column) => columns.TryGetValue(column, out var at) ? values[at] : null;

    /// <summary>Trimmed; null where there is nothing.</summary>
    public string? Text(string column) => Raw(column)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Null where it is longer than anything of its kind.</summary>
    public string? Short(string column, int longest) => Text(column) is { } text && text.Length <= longest ? text : null;

    /// <summary>A machine's word: a status, a currency.</summary>
    public string? Word(string column) =>
        Short(column, 40) is { } word && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? word : null;

    public string? Id(string column) => Short(column, 100) is { } id && !id.Any(char.IsControl) ? id : null;

    /// <summary>An id of something that need not be: 0 is none.</summary>
    public string? IdOrNone(string column) => Id(column) is { } id and not "0" ? id : null;

    /// <summary>An amount in major units; 0 where it is missing.</summary>
    public decimal Amount(string column) => Text(column) switch
    {
        null => 0,
        { Length: <= 100 } text when decimal.TryParse(text, Decimal, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) <= Most =>
            amount == 0 ? 0 : amount, // "-0.00" is 0
        _ => throw new UnreadableOrderException($"Its {column} is not an amount."),
    };

    /// <summary>For digests, which a bad amount must not stop.</summary>
    public decimal AmountOrZero(string column) =>
        decimal.TryParse(Text(column), Decimal, CultureInfo.InvariantCulture, out var amount) && Math.Abs(amount) <= Most ? amount : 0;

    public decimal Quantity(string column, decimal missing)
    {
        var quantity = Text(column) is null ? missing : Amount(column);
        return quantity is >= -1_000_000 and <= 1_000_000 ? quantity : throw new UnreadableOrderException($"Its {column} is out of all reason.");
    }

    /// <summary>A time in UTC; zero dates are none, and a date of another century is a mistake: it would win over every later one.</summary>
    public DateTimeOffset? Utc(string column) => AnyTime(column) is { Year: >= 2000 and < 2100 } time ? time : null;

    /// <summary>Also of another century, to go on from.</summary>
    public DateTimeOffset? AnyTime(string column) => Rfc3339.TryParse(Text(column), out var time) ? time : null;

    public bool? Flag(string column) => Text(column)?.ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "y" => true,
        "0" or "false" or "no" or "n" => false,
        _ => null,
    };

    public IReadOnlyList<string> List(string column) =>
        [.. (Raw(column) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
