using System.Net;
using System.Net.Sockets;

namespace AffiliateSidecar.Shops.WooCommerce.Health;

/// <summary>
/// WordPress refuses to send to many addresses, before any request and without a word, while the form still calls the webhook active
/// (<c>wp_http_validate_url</c>). It counts each refusal as a failed delivery.
/// </summary>
static class DeliveryUrl
{
    static readonly int[] Ports = [80, 443, 8080];

    static readonly IPNetwork[] Inside =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
    ];

    /// <summary>The name that must be looked up before <see cref="Refusal"/> can say something; null where there is none.</summary>
    public static string? HostToLookUp(string url, IReadOnlyList<Uri> home) =>
        Parse(url) is { HostNameType: UriHostNameType.Dns } uri && !IsOwn(uri, home) ? uri.IdnHost : null;

    /// <summary>Why WordPress sends nothing to the address; null where it does, or where it cannot be told.</summary>
    /// <param name="home">The shop's own home page: its host and its port are let through.</param>
    /// <param name="addresses">Of a name: empty where it has none, null where that is not known.</param>
    public static string? Refusal(string url, IReadOnlyList<Uri> home, Func<string, IReadOnlyList<IPAddress>?> addresses)
    {
        if (Parse(url) is not { } uri)
            return "it is no http address";
        if (uri.UserInfo.Length > 0)
            return "it has a user name or password in it";
        // The form keeps it, but a host with colons or brackets is none for WordPress.
        if (uri.HostNameType == UriHostNameType.IPv6)
            return "its host is an IPv6 address";
        return (IsOwn(uri, home) ? null : HostRefusal(uri, addresses)) ?? PortRefusal(uri, home);
    }

    static string? HostRefusal(Uri uri, Func<string, IReadOnlyList<IPAddress>?> addresses)
    {
        if (IPAddress.TryParse(uri.Host, out var literal))
            return IsInside(literal) ? $"{literal} is an address of a private network" : null;
        if (addresses(uri.IdnHost) is not { } found)
            return null;
        // WordPress asks for IPv4 only.
        var known = found.Where(a => a.AddressFamily == AddressFamily.InterNetwork).ToList();
        if (known.Count == 0)
            return $"the name {uri.Host} has no IPv4 address, as seen from here";
        return known.Find(IsInside) is { } inside ? $"the name {uri.Host} leads to {inside}, an address of a private network, as seen from here" : null;
    }

    static string? PortRefusal(Uri uri, IReadOnlyList<Uri> home) =>
        Ports.Contains(uri.Port) || home.Any(h => IsSameHost(uri, h) && uri.Port == h.Port) ? null : $"its port {uri.Port} is none of 80, 443 and 8080";

    static bool IsInside(IPAddress address) => Inside.Any(network => network.Contains(address));

    static bool IsOwn(Uri uri, IReadOnlyList<Uri> home) => home.Any(h => IsSameHost(uri, h));

    static bool IsSameHost(Uri a, Uri b) => string.Equals(a.IdnHost, b.IdnHost, StringComparison.OrdinalIgnoreCase);

    static Uri? Parse(string url) => Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
