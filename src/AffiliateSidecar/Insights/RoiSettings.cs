using System.Globalization;

namespace AffiliateSidecar.Insights;

/// <summary>What the program costs and what a sale leaves, as the owner says. Section <c>Sidecar:Insights</c>.</summary>
sealed class RoiSettings
{
    const decimal Most = 1_000_000_000;

    readonly Dictionary<string, decimal> margins = new(StringComparer.OrdinalIgnoreCase);

    /// <exception cref="InvalidOperationException">A number cannot be one.</exception>
    public RoiSettings(IConfiguration configuration)
    {
        Margin = Number(configuration.GetSection("Sidecar:Insights:Margin"), -1, 1);
        foreach (var category in configuration.GetSection("Sidecar:Insights:Margins").GetChildren())
            if (Number(category, -1, 1) is { } margin)
                margins[category.Key] = margin;
        Tools = configuration.GetSection("Sidecar:Insights:Tools").GetChildren().ToDictionary(t => t.Key, t => Number(t, 0, Most) ?? 0, StringComparer.Ordinal);
        HourlyCost = Number(configuration.GetSection("Sidecar:Insights:HourlyCost"), 0, Most) ?? 0;
        PayoutFee = Number(configuration.GetSection("Sidecar:Insights:PayoutFee"), 0, Most) ?? 0;
        HoursPerWeek = Number(configuration.GetSection("Sidecar:Insights:HoursPerWeek"), 0, 168) ?? 2;
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

    static decimal? Number(IConfigurationSection setting, decimal least, decimal most) => setting.Value is not { Length: > 0 } text ? null
        : decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new InvalidOperationException($"{setting.Path} is '{text}': expected a number from {least} to {most}.");
}
