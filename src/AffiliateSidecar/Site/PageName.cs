using System.Text.RegularExpressions;

namespace AffiliateSidecar.Site;

/// <summary>Pages that code speaks of; all others are only files.</summary>
static partial class PageName
{
    public const string Home = "home", Chooser = "index", Signup = "signup", ThankYou = "thank-you", Terms = "terms", Missing = "404";

    public static bool IsValid(string name) => Valid().IsMatch(name);

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex Valid();
}
