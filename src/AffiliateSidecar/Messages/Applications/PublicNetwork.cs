using System.Net;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>Which addresses belong to the public Internet: whatever an applicant calls his site, we are not sent into our own network by it.</summary>
static class PublicNetwork
{
    // IANA's registries of special-purpose addresses.
    static readonly IPNetwork[] Special = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/3", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    }.Select(n => IPNetwork.Parse(n))];

    static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    public static bool Contains(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return !Array.Exists(Special, n => n.Contains(plain)) && (plain.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork || Unicast.Contains(plain));
    }
}
