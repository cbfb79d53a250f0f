using System.Globalization;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>WordPress stores what is not a text as PHP serialises it; WooCommerce's payload shows it as what it is.</summary>
static partial class PhpText
{
    /// <summary>The text or number that it is; null for a list, an object, true, false and null.</summary>
    public static string? Plain(string? value)
    {
        if (value is not { Length: > 1 } || value[^1] is not (';' or '}') || Serialised().Match(value) is not { Success: true } match)
            return value;
        return match.Groups["plain"] is { Success: true } plain ? plain.Value : null;
    }

    /// <summary>
    /// The sum of the amounts in the list of this name: <c>a:2:{s:5:"total";a:1:{i:2;s:8:"0.843125";}…}</c>. Null where there is no such list of amounts.
    /// </summary>
    public static decimal? Sum(string? value, string name)
    {
        var start = value?.IndexOf($"\"{name}\";a:", StringComparison.Ordinal) ?? -1;
        if (start < 0 || value!.IndexOf('{', start) is not (> 0 and var open) || value.IndexOf('}', open) is not (> 0 and var close))
            return null;
        decimal sum = 0;
        foreach (var entry in Amounts().Matches(value[(open + 1)..close]).Select(m => m.Groups["amount"].Value))
        {
            if (entry.Length == 0)
                continue;
            if (!decimal.TryParse(entry, NumberStyles.Float, CultureInfo.InvariantCulture, out var amount) || Math.Abs(amount) > 10_000_000_000_000m)
                return null;
            sum += amount;
        }
        return sum;
    }

    [GeneratedRegex("""(?:i:-?\d+|s:\d+:"[^"]*");(?:s:\d+:"(?<amount>[^"]*)"|[id]:(?<amount>[^;]*));""", RegexOptions.ExplicitCapture)]
    private static partial Regex Amounts();

    [GeneratedRegex("""^(?:s:\d+:"(?<plain>.*)";|[id]:(?<plain>-?\d[\d.E+-]*);|[aOCE]:\d+:.*\}|b:[01];|N;)$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Serialised();
}
