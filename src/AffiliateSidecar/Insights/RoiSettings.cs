using System.Globalization;

namespace AffiliateSidecar.Insights;

/// <summary>What the program costs and what a sale leaves, as the owner says. Section <c>Sidecar:Insights</c>.</summary>
sealed class RoiSettings
{
    readonly Dictionary<string, decimal> margins = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">A number cannot be one.</exception>
    public RoiSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Insights");
        Margin = Number(section, "Margin", -1, 1);
        foreach (var category in section.GetSection("Margins").GetChildren())
            margins[category.Key] = Number(section, $"Margins:{category.Key}", -1, 1)!.Value;
        Tools = section.GetSection("Tools").GetChildren().ToDictionary(t => t.Key, t => Number(section, $"Tools:{t.Key}", 0, 1_000_000_000)!.Value, StringComparer.Ordinal);
        HourlyCost = Number(section, "HourlyCost", 0, 1_000_000_000) ?? 0;
        PayoutFee = Number(section, "PayoutFee", 0, 1_000_000_000) ?? 0;
        HoursPerWeek = Number(section, "HoursPerWeek", 0, 168) ?? 2;
    }

    /// <summary>What is left of a net sale after buying the goods, 0 to 1, where the category has none of its own; null where the owner has not said.</summary>
    public decimal? Margin { get; }

    /// <summary>Monthly costs by name, in the program's currency.</summary>
    public IReadOnlyDictionary<string, decimal> Tools { get; }

    public decimal HourlyCost { get; }

    /// <summary>What one payment to a partner costs.</summary>
    public decimal PayoutFee { get; }

    /// <summary>What the owner has for the program.</summary>
    public decimal HoursPerWeek { get; }

    public decimal? Of(string category) => margins.TryGetValue(category, out var margin) ? margin : Margin;

    static decimal? Number(IConfigurationSection section, string key, decimal least, decimal most) => section[key] is not { Length: > 0 } text ? null
        : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidOperationException($"Sidecar:Insights:{key} is '{text}': expected a number from {least} to {most}.");
}
