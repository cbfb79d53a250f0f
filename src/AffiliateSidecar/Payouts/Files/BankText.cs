using System.Text;

namespace AffiliateSidecar.Payouts.Files;

/// <summary>
/// Text as every bank of the SEPA area takes it (EPC217-08): Latin letters, digits and <c>/ - ? : ( ) . , ' +</c>. Accents go, other letters
/// become a dot: a bank sends back what it cannot read.
/// </summary>
static class BankText
{
    /// <summary>A letter and those that lose an accent to become it. The program runs without ICU, which would know them.</summary>
    const string Accents =
        "AÀÁÂÃÄÅĀĂĄ CÇĆĈĊČ DĎ EÈÉÊËĒĔĖĘĚ GĜĞĠĢ HĤ IÌÍÎÏĨĪĬĮİ JĴ KĶ LĹĻĽ NÑŃŅŇ OÒÓÔÕÖŌŎŐ RŔŖŘ SŚŜŞŠȘ TŢŤȚ UÙÚÛÜŨŪŬŮŰŲ WŴ "
        + "YÝŶŸ ZŹŻŽ aàáâãäåāăą cçćĉċč dď eèéêëēĕėęě gĝğġģ hĥ iìíîïĩīĭį jĵ kķ lĺļľ nñńņň oòóôõöōŏő rŕŗř sśŝşšș tţťț "
        + "uùúûüũūŭůűų wŵ yýÿŷ zźżž";

    static readonly Dictionary<char, string> Pairs = new(Accents.Split(' ').SelectMany(g => g[1..].Select(c => KeyValuePair.Create(c, g[..1]))))
    {
        ['ß'] = "ss", ['Æ'] = "AE", ['æ'] = "ae", ['Ø'] = "O", ['ø'] = "o", ['Œ'] = "OE", ['œ'] = "oe", ['Ł'] = "L", ['ł'] = "l", ['Đ'] = "D", ['đ'] = "d", ['ı'] = "i",
        ['&'] = "+", ['_'] = "-",
    };

    public static string Of(string text, int longest)
    {
        var result = new StringBuilder();
        foreach (var c in text)
            result.Append(char.IsAsciiLetterOrDigit(c) || "/-?:().,'+ ".Contains(c, StringComparison.Ordinal) ? c.ToString() : Pairs.GetValueOrDefault(c, "."));
        var clean = result.ToString().Trim();
        return clean.Length <= longest ? clean : clean[..longest].TrimEnd();
    }

    /// <summary>A name, or something better where nothing of it is left.</summary>
    public static string Name(PayoutLine line)
    {
        var holder = line.Details.GetValueOrDefault("account_name") ?? line.Name;
        var clean = Of(holder, 70);
        return clean.Any(char.IsAsciiLetter) ? clean : Of(line.PartnerCode, 70);
    }
}
