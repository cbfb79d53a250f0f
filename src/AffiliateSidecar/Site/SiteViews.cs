using AffiliateSidecar.Site.Presence;

namespace AffiliateSidecar.Site;

/// <summary>A build of the site.</summary>
public sealed record SiteBuildView
{
    /// <summary>Where the pages say they are read.</summary>
    /// <example>https://partners.shop.example/</example>
    public required string BaseUrl { get; init; }

    /// <example>13</example>
    public required int Pages { get; init; }

    /// <summary>Size of all pages together, uncompressed.</summary>
    /// <example>222246</example>
    public required long Bytes { get; init; }

    /// <example>120</example>
    public required long Milliseconds { get; init; }

    /// <summary>Files that are new, different or gone.</summary>
    /// <example>["en/terms/index.html"]</example>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <summary>Addresses of pages that say something else than before, are new or gone.</summary>
    /// <example>["https://partners.shop.example/en/terms/"]</example>
    public required IReadOnlyList<string> ChangedAddresses { get; init; }

    /// <summary>What the owner should know.</summary>
    /// <example>[]</example>
    public required IReadOnlyList<string> Notes { get; init; }

    internal static SiteBuildView Of(BuildReport report) => new()
    {
        BaseUrl = report.BaseUrl.AbsoluteUri, Pages = report.Pages, Bytes = report.Bytes, Milliseconds = (long)report.Elapsed.TotalMilliseconds,
        Changed = report.Changed, ChangedAddresses = report.Moved, Notes = report.Notes,
    };
}

/// <summary>The published site.</summary>
public sealed record SiteStatusView
{
    /// <example>https://partners.shop.example/</example>
    public required string BaseUrl { get; init; }
    public required IReadOnlyList<SitePageView> Data { get; init; }

    /// <summary>Through which doors partners came to the form, named ones first, the most frequented at the top.</summary>
    public required IReadOnlyList<SignupsView> Signups { get; init; }

    /// <summary>What the monitor found the last time: the link in the shop, the signup page, Google. Null before its first night, and where no base URL is set.</summary>
    public PresenceReport? Presence { get; init; }

    /// <summary>As the output folder has it; null where no build has written there.</summary>
    internal static SiteStatusView? Read(string folder, IReadOnlyList<SignupsView> signups, PresenceReport? presence)
    {
        if (SiteRecord.Read(folder) is not { } record)
            return null;
        using var site = new BuiltSite(folder, record);
        return new SiteStatusView { BaseUrl = record.BaseUrl, Signups = signups, Presence = presence, Data = [.. site.Pages.Select(page => SitePageView.Of(site, page, presence))] };
    }
}

/// <summary>A published page.</summary>
public sealed record SitePageView
{
    /// <summary>Below the base URL.</summary>
    /// <example>en/terms/</example>
    public required string Path { get; init; }

    /// <example>https://partners.shop.example/en/terms/</example>
    public required string Url { get; init; }

    /// <example>en</example>
    public required string Language { get; init; }

    /// <summary>Search engines may list it.</summary>
    public required bool Indexable { get; init; }
    public required bool InSitemap { get; init; }

    /// <example>18811</example>
    public required long Bytes { get; init; }

    /// <summary>The status that the page's address was answered with when the monitor looked: 200 as it should be, 0 for no answer; null: not looked at.</summary>
    /// <example>200</example>
    public int? LiveStatus { get; init; }

    /// <summary>When the page was built to what it is now.</summary>
    public required DateTimeOffset BuiltAt { get; init; }

    internal static SitePageView Of(BuiltSite site, BuiltPage page, PresenceReport? presence)
    {
        var file = new FileInfo(System.IO.Path.Combine(site.Folder, page.File));
        return new SitePageView
        {
            Path = page.Path, Url = page.Url, Language = page.Language, Indexable = page.Indexable, InSitemap = site.Sitemap.ContainsKey(page.Url),
            LiveStatus = presence?.Statuses.TryGetValue(page.Url, out var status) == true ? status : null, Bytes = file.Length, BuiltAt = file.LastWriteTimeUtc,
        };
    }
}
