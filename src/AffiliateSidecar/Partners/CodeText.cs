using System.Text;
using System.Text.RegularExpressions;

namespace AffiliateSidecar.Partners;

/// <summary>How the text of a code is compared.</summary>
static partial class CodeText
{
    /// <summary>WooCommerce decodes the session address once, so nothing else survives the way through a shop.</summary>
    [GeneratedRegex("^[A-Za-z0-9_-]{3,40}$")]
    public static partial Regex Valid();

    /// <summary>
    /// The key of a code, alias, coupon or search word: lower case, Persian for Arabic letters, ASCII for Persian and Arabic digits,
    /// no joiners, no spaces at the ends.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Trim().ToLowerInvariant())
        {
            switch (c)
            {
                case '\u200c' or '\u200d' or '\u200e' or '\u200f' or '\ufeff': break; // joiners and direction marks
                case 'ي' or 'ى': folded.Append('ی'); break;
                case 'ك': folded.Append('ک'); break;
                case >= '۰' and <= '۹': folded.Append((char)('0' + (c - '۰'))); break;
                case >= '٠' and <= '٩': folded.Append((char)('0' + (c - '٠'))); break;
                default: folded.Append(c); break;
            }
        }
        return folded.ToString();
    }
}
