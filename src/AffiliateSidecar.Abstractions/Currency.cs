namespace AffiliateSidecar;

/// <summary>
/// Currency codes and their exponents (decimals of the minor unit): ISO 4217, plus the codes that Iranian shop plugins use.
/// </summary>
public static class Currency
{
    const string TwoDecimals =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK " +
        "DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT " +
        "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR " +
        "RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES " +
        "WST XCD XCG YER ZAR ZMW ZWG";

    // IRT toman, IRHR thousand rial, IRHT thousand toman: not in ISO 4217, common in Iranian WooCommerce shops.
    const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF IRT IRHR IRHT";
    const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";

    static readonly Dictionary<string, int> Exponents = Build();

    public static bool IsKnown(string? code) => code is not null && Exponents.ContainsKey(code);

    /// <exception cref="ArgumentException">The code is unknown.</exception>
    public static int Exponent(string code) =>
        Exponents.TryGetValue(code, out var exponent) ? exponent : throw new ArgumentException($"Unknown currency '{code}'.", nameof(code));

    static Dictionary<string, int> Build()
    {
        var all = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, exponent) in new[] { (NoDecimals, 0), (TwoDecimals, 2), (ThreeDecimals, 3), ("CLF UYW", 4) })
            foreach (var code in codes.Split(' '))
                all.Add(code, exponent);
        return all;
    }
}
