using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace AffiliateSidecar.Tracking;

/// <summary>What the signals know of a click, as numbers: texts by 32 bits of their hash, the same on every machine.</summary>
static class ClickFacts
{
    static readonly string[] Searches = ["google", "bing", "duckduckgo", "yahoo", "yandex", "ecosia", "baidu", "startpage", "qwant", "brave"];
    static readonly string[] Socials =
        ["facebook", "instagram", "tiktok", "youtube", "youtu", "twitter", "t", "x", "linkedin", "lnkd", "pinterest", "pin", "reddit", "threads", "snapchat", "vk", "telegram", "whatsapp", "aparat", "mastodon", "bsky"];
    static readonly string[] Checkouts = ["cart", "checkout", "basket", "kasse", "warenkorb", "panier", "carrito", "carrello", "winkelwagen"];

    public static uint Text(string text) => (uint)XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()));

    /// <summary>Two letters.</summary>
    public static uint Country(string? code) => code is { Length: 2 } ? (uint)(char.ToUpperInvariant(code[0]) << 8 | char.ToUpperInvariant(code[1])) : 0;

    /// <summary>0 without a page the click came from.</summary>
    public static uint Referrer(string? url)
    {
        if (Host(url) is not { Length: > 0 } host)
            return 0;
        var hash = Text(host) & ~ReferrerKind.Mask;
        return (hash == 0 ? 1 : hash) | Kind(host);
    }

    /// <param name="landing">Path and query, or a whole address.</param>
    /// <param name="isAdvertised">Known when the click came: what counts as an advertisement changes with the years.</param>
    public static Landing Land(string? landing, bool isAdvertised) => Place(landing) | (isAdvertised ? Landing.Advertised : Landing.Page);

    static Landing Place(string? landing)
    {
        if (string.IsNullOrEmpty(landing))
            return Landing.Page;
        var text = landing.AsSpan();
        if (text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme)
        {
            text = text[(scheme + 3)..];
            text = text.IndexOfAny('/', '?') is >= 0 and var path ? text[path..] : "/";
        }
        var query = text.IndexOf('?') is >= 0 and var mark ? text[(mark + 1)..] : default;
        var place = query.IsEmpty ? text : text[..^(query.Length + 1)];
        place = place.Trim('/').TrimEnd('?');
        var result = place.IsEmpty ? Landing.Home : Landing.Page;
        foreach (var part in place.Split('/'))
            foreach (var checkout in Checkouts)
                if (place[part].Equals(checkout, StringComparison.OrdinalIgnoreCase))
                    result |= Landing.Checkout;
        return result;
    }

    /// <summary>The host of an address, without <c>www.</c>.</summary>
    static string? Host(string? url)
    {
        if (string.IsNullOrWhiteSpace(url) || !Uri.TryCreate(url.Contains("://", StringComparison.Ordinal) ? url : "https://" + url, UriKind.Absolute, out var uri))
            return null;
        var host = uri.IdnHost.ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;
    }

    static uint Kind(string host)
    {
        var labels = host.Split('.');
        // The name before the ending: "google" of "google.co.uk", "mail" of "mail.example" is none of them.
        var name = labels.Length >= 3 && labels[^2] is "co" or "com" ? labels[^3] : labels.Length >= 2 ? labels[^2] : host;
        return labels[0] is "mail" or "webmail" or "outlook" || host.StartsWith("mail.", StringComparison.Ordinal) ? ReferrerKind.Mail
            : Searches.Contains(name) ? ReferrerKind.Search
            : Socials.Contains(name) ? ReferrerKind.Social
            : ReferrerKind.Other;
    }
}
