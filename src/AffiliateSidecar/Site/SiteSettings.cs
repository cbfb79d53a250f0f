using AffiliateSidecar.Http;
using AffiliateSidecar.Templates;
using AffiliateSidecar.Tracking;

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

    /// <summary>A partner of the owner's own to whom the shop's widget counts how often it is seen; null: not counted.</summary>
    public string? WidgetCode { get; init; }

    /// <summary>A product page of the shop where the link to the program is looked for; null: the first that its home page links to.</summary>
    public string? ProductUrl { get; init; }

    /// <summary>The published site is looked at once a night.</summary>
    public bool Monitor { get; init; } = true;

    /// <summary>JSON key of a service account that may ask Google's Search Console; null: Google is not asked.</summary>
    public string? GoogleKeyFile { get; init; }

    /// <summary>As Search Console names it; null: the base URL.</summary>
    public string? GoogleProperty { get; init; }

    /// <summary>Folder of the built site.</summary>
    public required string Out { get; init; }

    /// <summary>File of data pages that belong to the site; null: none.</summary>
    public string? Pages { get; init; }

    /// <summary>The service builds a site that is not there yet, and builds it again when the rules change.</summary>
    public required bool Watch { get; init; }

    /// <summary>Where the form posts to.</summary>
    /// <exception cref="PageException">The address of the service is none.</exception>
    public string SignupUrl => ServiceUrl is null ? "/signup" : new Uri(Folder(ServiceUrl), "signup").AbsoluteUri;

    /// <summary>The widget's script in its present version.</summary>
    public Uri WidgetUrl(Uri baseUrl) => new(ServiceUrl is null ? new Uri(baseUrl, "/") : Folder(ServiceUrl), $"widget/v1/{Script.Footer.VersionedName}");

    public static SiteSettings Of(IConfiguration configuration, ShopDirectory shops)
    {
        var section = configuration.GetSection("Sidecar:Site");
        var shop = shops.Default?.Url;
        return new SiteSettings
        {
            Name = section["Name"] is { Length: > 0 } name ? name : shops.PublicName,
            ShopUrl = shop?.AbsoluteUri ?? "",
            BaseUrl = section["BaseUrl"] is { Length: > 0 } baseUrl ? baseUrl : null,
            ServiceUrl = section["ServiceUrl"] is { Length: > 0 } service ? service : null,
            WidgetCode = section["WidgetCode"] is { Length: > 0 } code ? code : null,
            ProductUrl = section["ProductUrl"] is { Length: > 0 } product ? product : null,
            Monitor = section.GetValue("Monitor", true),
            GoogleKeyFile = section["GoogleKeyFile"] is { Length: > 0 } file ? file : null,
            GoogleProperty = section["GoogleProperty"] is { Length: > 0 } property ? property : null,
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
