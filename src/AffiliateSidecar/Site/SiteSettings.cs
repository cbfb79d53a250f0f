using AffiliateSidecar.Http;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>The section <c>Sidecar:Site</c>. All of it is optional.</summary>
sealed record SiteSettings
{
    public const string DefaultBaseUrl = "http://localhost:5000/site";

    /// <summary>Public name of the shop.</summary>
    public required string Name { get; init; }

    /// <summary>The shop's home page; empty where no shop is configured.</summary>
    public required string ShopUrl { get; init; }

    /// <summary>Where the site will be read, as written in the configuration; null: not configured.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Public address of this service, for a site that lives on another host, as written in the configuration; null: the site's own host.</summary>
    public string? ServiceUrl { get; init; }

    /// <summary>Folder of the built site.</summary>
    public required string Out { get; init; }

    /// <summary>File of data pages that belong to the site; null: none.</summary>
    public string? Pages { get; init; }

    /// <summary>The service builds a site that is not there yet, and builds it again when the rules change.</summary>
    public required bool Watch { get; init; }

    /// <summary>Where the form posts to.</summary>
    /// <exception cref="PageException">The address of the service is none.</exception>
    public string SignupUrl => ServiceUrl is null ? "/signup" : new Uri(Folder(ServiceUrl), "signup").AbsoluteUri;

    public static SiteSettings Of(IConfiguration configuration, ShopDirectory shops)
    {
        var section = configuration.GetSection("Sidecar:Site");
        var shop = shops.Default?.Url;
        var host = shop?.IdnHost.ToLowerInvariant();
        return new SiteSettings
        {
            Name = section["Name"] is { Length: > 0 } name ? name : host?.StartsWith("www.", StringComparison.Ordinal) == true ? host[4..] : host ?? "Our shop",
            ShopUrl = shop?.AbsoluteUri ?? "",
            BaseUrl = section["BaseUrl"] is { Length: > 0 } baseUrl ? baseUrl : null,
            ServiceUrl = section["ServiceUrl"] is { Length: > 0 } service ? service : null,
            Out = section["Out"] is { Length: > 0 } folder ? folder : "site-out",
            Pages = section["Pages"] is { Length: > 0 } pages ? pages : null,
            Watch = section.GetValue("Watch", true),
        };
    }

    /// <summary>Scheme, host and port, as browsers send them in <c>Origin</c>.</summary>
    public static string? Origin(string? address) => address is null ? null : Folder(address).GetLeftPart(UriPartial.Authority);

    /// <summary>An absolute http address that ends in a slash, so that pages can be found below it.</summary>
    /// <exception cref="PageException">It is not one.</exception>
    public static Uri Folder(string address) =>
        Uri.TryCreate(address.Trim(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0
        && url is { Query: "", Fragment: "", UserInfo: "" }
            ? url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/")
            : throw new PageException($"'{address}' is no base URL. Write it with its scheme and without a query, such as https://partners.shop.example/ or https://shop.example/partners");
}
