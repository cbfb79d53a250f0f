namespace AffiliateSidecar.Fraud;

/// <summary>
/// A signal's strength says how rare something is among honest partners by the signal's own model, and models are too sure or not sure enough. How often each was right on
/// made-up programs says what a strength is worth. Learnt from seeds 401, 402, 500 to 519, 541 to 543 and 600 to 619, in few steps: finer ones were chance.
/// </summary>
static class SignalWorth
{
    const double More = 1.2, Less = 0.75;

    static readonly Dictionary<string, double> Worth = new(StringComparer.Ordinal)
    {
        // Nobody honest changes like that.
        ["changed-traffic"] = 1.5,
        ["self-purchase"] = More, ["home-landings"] = More, ["click-burst"] = More, ["instant-leads"] = More, ["unpaid-orders"] = More, ["conversion-time"] = More, ["coupon-leak"] = More,
        // Audiences, niches and seasons do it as well.
        ["conversion-rate"] = Less, ["returns"] = Less, ["large-orders"] = Less, ["flat-lag"] = Less, ["few-browsers"] = Less, ["geo-mismatch"] = Less, ["checkout-clicks"] = Less,
        ["weak-markets"] = Less, ["private-lines"] = Less, ["old-customers"] = Less,
    };

    /// <summary>1 for what has not been tried, as for a plugin's signal.</summary>
    public static double Of(string signal) => Worth.GetValueOrDefault(signal, 1);
}
