using System.Text.RegularExpressions;

namespace AffiliateSidecar.Partners;

/// <summary>International bank account numbers (ISO 13616); an Iranian Sheba is one.</summary>
static partial class Iban
{
    /// <summary>Country and length as in the SWIFT registry; a country that is not in it has no IBAN.</summary>
    static readonly Dictionary<string, int> Lengths = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 "
        + "GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IR26 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 "
        + "NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ').ToDictionary(t => t[..2], t => int.Parse(t[2..]), StringComparer.Ordinal);

    // Where the part after the check digits is digits only, a letter is a slip that the check digits may not find.
    static readonly HashSet<string> DigitsOnly = [.. "AT BA BE CZ DE DK EE ES FI FO GL HR HU IR IS LT ME NO PL PT RS SE SI SK TN XK".Split(' ')];

    /// <summary>Without blanks, in capitals.</summary>
    public static string Normalise(string text) => Blank().Replace(text, "").ToUpperInvariant();

    /// <summary>What is wrong with it, in a sentence; null where nothing is.</summary>
    public static string? Mistake(string iban)
    {
        if (!Form().IsMatch(iban))
            return "An IBAN is two letters of a country, two check digits and the account: DE89370400440532013000.";
        if (!Lengths.TryGetValue(iban[..2], out var length))
            return $"The country '{iban[..2]}' has no IBAN.";
        if (iban.Length != length)
            return $"An IBAN of {iban[..2]} has {length} characters, this has {iban.Length}.";
        if (DigitsOnly.Contains(iban[..2]) && iban[4..].Any(char.IsAsciiLetter))
            return $"An IBAN of {iban[..2]} has only digits after the country.";
        return Modulo97(iban[4..] + iban[..4]) == 1 ? null : "The check digits are wrong: look for a mistyped or exchanged digit.";
    }

    /// <summary>Letters count as 10 to 35.</summary>
    static int Modulo97(string text)
    {
        var rest = 0;
        foreach (var c in text)
            rest = char.IsAsciiDigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
        return rest;
    }

    [GeneratedRegex("^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$")]
    private static partial Regex Form();

    [GeneratedRegex(@"[\s\u200c\u200e\u200f-]")]
    private static partial Regex Blank();
}
