using System.Buffers;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// Where a click leads. The answer always starts with the shop's own scheme, host and <c>/</c>, so nothing that follows can change
/// the host; what a browser or the shop might take for another address is refused all the same.
/// </summary>
sealed class ShopAddress(Uri home)
{
    /// <summary>WooCommerce stores the landing address in two cookies; with 2 kB its server refuses every page of that visitor.</summary>
    const int Longest = 1024;

    // RFC 3986: what may stand in a path and a query without being encoded, "%" aside.
    static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");
    static readonly SearchValues<char> QueryCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?%");
    static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");
    static readonly string[] Ours = ["utm_source", "utm_medium", "utm_campaign", "utm_content", "aff_click"];

    readonly string prefix = home.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/";

    /// <summary>The shop's page with nothing counted: the members pass as they came.</summary>
    public string? Plain(string path, string query) => Of(path, query, null, null);

    /// <summary>The shop's page with the click on it; null where the path is none of a shop.</summary>
    public string? Of(string path, string query, string? code, string? clickId)
    {
        if (!IsPath(path))
            return null;
        var address = new StackText(stackalloc char[Longest]);
        if (!address.Add(prefix) || !address.AddEncoded(path, PathCharacters))
            return null;
        if (clickId is not null && !(address.Add("?utm_source=affiliate&utm_medium=referral&utm_campaign=") && address.Add(code)
            && address.Add("&utm_content=") && address.Add(clickId) && address.Add("&aff_click=") && address.Add(clickId)))
            return null;
        var separator = clickId is null ? "?" : "&";
        var members = query.AsSpan(query is ['?', ..] ? 1 : 0);
        foreach (var range in members.Split('&'))
        {
            var member = members[range];
            if (member.IsEmpty || (clickId is not null && IsOurs(member)))
                continue;
            // A member that does not fit is left out whole: the visitor arrives, and the shop's cookies stay small.
            var before = address.Length;
            if (address.Add(separator) && address.AddEncoded(member, QueryCharacters))
                separator = "&";
            else
                address.Length = before;
        }
        return address.ToString();
    }

    /// <summary>Decoded once by the server, which has also resolved dot segments and left <c>%2F</c> as it was.</summary>
    static bool IsPath(string path)
    {
        if (path.Length == 0)
            return true;
        if (path[0] == '/' || path.Contains("//", StringComparison.Ordinal) || path.Contains('\\')
            || path.Contains("%2F", StringComparison.OrdinalIgnoreCase) || path.Contains("%5C", StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var segment in path.AsSpan().Split('/'))
            if (path.AsSpan()[segment] is "." or "..")
                return false;
        foreach (var c in path)
            if (char.IsControl(c))
                return false;
        return true;
    }

    // PHP reads "utm.source", "utm source" and "aff_click[]" as names of ours, and the last one wins.
    static bool IsOurs(ReadOnlySpan<char> member)
    {
        var name = member[..(member.IndexOf('=') is >= 0 and var at ? at : member.Length)];
        if (name.ContainsAnyExcept(NameCharacters))
        {
            var decoded = Uri.UnescapeDataString(name.ToString().Replace('+', ' ')).TrimStart();
            name = decoded[..(decoded.IndexOf('[', StringComparison.Ordinal) is >= 0 and var bracket ? bracket : decoded.Length)]
                .Replace('.', '_').Replace(' ', '_');
        }
        foreach (var ours in Ours)
            if (name.Equals(ours, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
