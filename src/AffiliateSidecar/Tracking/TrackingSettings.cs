using AffiliateSidecar.Http;

namespace AffiliateSidecar.Tracking;

/// <summary>Section <c>Sidecar:Tracking</c>.</summary>
sealed class TrackingSettings
{
    readonly HashSet<string> origins;

    public TrackingSettings(IConfiguration configuration, ShopDirectory shops)
    {
        var section = configuration.GetSection("Sidecar:Tracking");
        // Web analytics ends a visit after half an hour of silence: whoever comes back later comes anew. A flood from one
        // visitor is then at most 48 counted clicks a day and link.
        RepeatMicros = (long)section.GetValue("RepeatMinutes", 30.0) * 60_000_000;
        origins = new(section.GetSection("AllowedOrigins").Get<string[]>() ?? [], StringComparer.OrdinalIgnoreCase);
        foreach (var shop in shops.All)
        {
            if (shop.Url is not null)
                origins.Add(shop.Url.GetLeftPart(UriPartial.Authority));
            foreach (var host in shop.Hosts)
                origins.Add("https://" + host);
        }
    }

    /// <summary>A click that follows a counted one sooner than this is a repetition.</summary>
    public long RepeatMicros { get; }

    /// <summary>The pages that may report clicks: the shops', and those of <c>AllowedOrigins</c>.</summary>
    public bool AllowsOrigin(string origin) => origins.Contains(origin);
}
