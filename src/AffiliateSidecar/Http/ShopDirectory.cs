namespace AffiliateSidecar.Http;

/// <summary>A shop of the configuration, <c>Sidecar:Shops:name</c>.</summary>
sealed record ShopSettings
{
    public required string Name { get; init; }

    /// <summary><c>woocommerce</c> or <c>api</c>.</summary>
    public string Kind { get; init; } = "api";

    /// <summary>Where customers are sent: the shop's home page, absolute.</summary>
    public Uri? Url { get; init; }

    /// <summary>Further hosts of the shop that a link may lead to.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
    public string? WebhookSecret { get; init; }

    /// <summary>
    /// Order meta in which the shop itself names the partner by his code. Only the shop's own code and staff can write it
    /// (a leading underscore keeps it out of forms), so it is an explicit code.
    /// </summary>
    public string PartnerCodeMeta { get; init; } = "_affiliate_code";
}

/// <summary>The shops this sidecar stands beside; the first one is where links lead that name none.</summary>
sealed class ShopDirectory
{
    public ShopDirectory(IConfiguration configuration)
    {
        All = [.. configuration.GetSection("Sidecar:Shops").GetChildren().Select(section => new ShopSettings
        {
            Name = section.Key,
            Kind = section["Kind"] ?? "api",
            Url = Uri.TryCreate(section["Url"], UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null,
            Hosts = section.GetSection("Hosts").Get<string[]>() ?? [],
            WebhookSecret = section["WebhookSecret"],
            PartnerCodeMeta = section["PartnerCodeMeta"] ?? "_affiliate_code",
        })];
    }

    public IReadOnlyList<ShopSettings> All { get; }

    public ShopSettings? Default => All.FirstOrDefault(s => s.Url is not null);

    public ShopSettings? Find(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Only the shop's own hosts are ever redirected to.</summary>
    public bool OwnsHost(string host) => All.Any(s =>
        string.Equals(s.Url?.Host, host, StringComparison.OrdinalIgnoreCase) || s.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase));
}
