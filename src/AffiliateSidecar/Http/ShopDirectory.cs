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

    /// <summary>Where the shop's own memory of a visit may name a partner by code or alias, the surest first.</summary>
    public IReadOnlyList<string> Witnesses { get; init; } = DefaultWitnesses;

    public static readonly IReadOnlyList<string> DefaultWitnesses = ["ref", "utm_source", "utm_campaign"];

    /// <summary>A read-only account of the shop's own database; null where it is not read.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>What the names of the shop's tables begin with: WordPress's prefix, or that of the views of another shop.</summary>
    public string TablePrefix { get; init; } = "wp_";

    /// <summary>How often the shop's database is asked for news.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far back the nightly sweep compares everything: as long as goods may come back.</summary>
    public TimeSpan SweepWindow { get; init; } = TimeSpan.FromDays(120);

    /// <summary>The sweep's time of day, UTC.</summary>
    public TimeSpan SweepAt { get; init; } = TimeSpan.FromHours(2);

    /// <summary>No more orders a second are read from the shop's database.</summary>
    public int OrdersPerSecond { get; init; } = 10_000;

    /// <summary>The shop's database gives up a statement of ours after this.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(20);
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
            Witnesses = section.GetSection("Witnesses").Get<string[]>() is { Length: > 0 } names ? names : ShopSettings.DefaultWitnesses,
            ConnectionString = section["ConnectionString"] is { Length: > 0 } connection ? connection : null,
            TablePrefix = section["TablePrefix"] ?? (section["Kind"] is "woocommerce" ? "wp_" : "afs_"),
            SyncInterval = TimeSpan.FromSeconds(Math.Max(1, section.GetValue("SyncSeconds", 60))),
            SweepWindow = TimeSpan.FromDays(Math.Max(1, section.GetValue("SweepDays", 120))),
            SweepAt = TimeSpan.FromHours(Math.Clamp(section.GetValue("SweepHour", 2), 0, 23)),
            OrdersPerSecond = Math.Max(1, section.GetValue("OrdersPerSecond", 10_000)),
            StatementTimeout = TimeSpan.FromSeconds(Math.Max(1, section.GetValue("StatementSeconds", 20))),
        })];
    }

    public IReadOnlyList<ShopSettings> All { get; }

    public ShopSettings? Default => All.FirstOrDefault(s => s.Url is not null);

    /// <summary>What the shop is called where nobody has named it: its host without <c>www.</c>.</summary>
    public string PublicName => Default?.Url?.IdnHost.ToLowerInvariant() is not { } host ? "Our shop" : host.StartsWith("www.", StringComparison.Ordinal) ? host[4..] : host;

    public ShopSettings? Find(string name) => All.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Only the shop's own hosts are ever redirected to.</summary>
    public bool OwnsHost(string host) => All.Any(s =>
        string.Equals(s.Url?.Host, host, StringComparison.OrdinalIgnoreCase) || s.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase));
}
