using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace AffiliateSidecar.Site;

/// <summary>
/// Which door a visitor came through: <c>footer</c>, <c>banner</c>, <c>order</c>. The shop's links to the form carry it as <c>utm_medium</c>, the form's page lets the
/// browser name its whole address, and so it arrives without a script and without a cookie.
/// </summary>
static partial class SignupSource
{
    public const string Campaign = "partner-program", Partner = "partner";

    /// <param name="request">The posted form.</param>
    /// <param name="kept">What the form itself says, where it was shown a second time.</param>
    public static string? Of(HttpRequest request, string kept)
    {
        var query = Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page) ? QueryHelpers.ParseQuery(page.Query) : [];
        return OfQuery(new QueryCollection(query)) ?? (Valid().IsMatch(kept) ? kept : null);
    }

    /// <summary>The code of the partner whose recruiting link led here; null: none of theirs.</summary>
    public static string? RecruiterOf(HttpRequest request)
    {
        var query = Uri.TryCreate(request.Headers.Referer.ToString(), UriKind.Absolute, out var page) ? QueryHelpers.ParseQuery(page.Query) : [];
        return query.TryGetValue("utm_campaign", out var campaign) && campaign == Campaign && query.TryGetValue("utm_medium", out var medium) && medium == Partner
            && query.TryGetValue("utm_source", out var code) ? code.ToString() : null;
    }

    /// <summary>Of the page's own address.</summary>
    public static string? OfQuery(IQueryCollection query) =>
        query["utm_campaign"] == Campaign && query["utm_medium"].ToString() is var medium && Valid().IsMatch(medium) ? medium : null;

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex Valid();
}
