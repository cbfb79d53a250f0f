using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site.Presence;

/// <summary>Looks at the program as the world sees it: the link in the shop, the signup page in every language, and what Google says. Each fault names who must do what.</summary>
sealed class PresenceMonitor(SiteSettings settings, TemplateFiles files, GoogleInspection google, Database database, TimeProvider clock)
{
    /// <summary>As many pages of the sitemap are asked for their status.</summary>
    const int Pages = 200;

    /// <exception cref="PageException">It is not said where the site is read.</exception>
    public async Task<PresenceReport> RunAsync(CancellationToken cancel)
    {
        var site = SiteSettings.Folder(settings.BaseUrl ?? throw new PageException("Nobody knows where the site is published. Set Sidecar:Site:BaseUrl."));
        using var web = new LiveWeb();
        var signup = new SignupPresence(web, site);
        var sitemap = await signup.SitemapAsync(cancel);
        Uri[] forms = [.. Language.All(files).Select(l => new Uri(site, $"{l.Code}/{PageName.Signup}/"))];
        var checks = new List<PresenceCheck>();
        if (settings.ShopUrl.Length > 0)
            checks.AddRange(await ShopAsync(web, new ShopDoor(site, sitemap.Concat(forms.Select(f => f.AbsoluteUri)).ToHashSet(StringComparer.Ordinal)), cancel));
        foreach (var form in forms)
            checks.AddRange(await signup.CheckAsync(form, sitemap, cancel));
        checks.AddRange(await GoogleAsync(site, forms, cancel));
        var report = new PresenceReport { CheckedAt = clock.GetUtcNow(), Checks = checks, Statuses = await StatusesAsync(web, sitemap, cancel) };
        await report.KeepAsync(database, cancel);
        return report;
    }

    async Task<IEnumerable<PresenceCheck>> ShopAsync(LiveWeb web, ShopDoor door, CancellationToken cancel)
    {
        var home = await web.GetAsync(new Uri(settings.ShopUrl), cancel);
        var checks = door.Check(home).ToList();
        var product = settings.ProductUrl is { } named ? new Uri(named) : ShopDoor.Product(home);
        if (product is not null)
            checks.AddRange(door.Check(await web.GetAsync(product, cancel)));
        else if (home.Status == 200)
            checks.Add(PresenceCheck.Unknown("shop-page", home.Url, "no link to a product on the home page", "a product page to look at", "Whoever runs this service: name one in Sidecar:Site:ProductUrl."));
        return checks;
    }

    async Task<IReadOnlyList<PresenceCheck>> GoogleAsync(Uri site, Uri[] pages, CancellationToken cancel)
    {
        if (settings.GoogleKeyFile is null)
            return [];
        try
        {
            return await google.CheckAsync(GoogleAccount.Read(settings.GoogleKeyFile), settings.GoogleProperty ?? site.AbsoluteUri, pages, cancel);
        }
        catch (PresenceException e)
        {
            return [PresenceCheck.Unknown("google-index", site, e.Message, "an answer", e.Mend)];
        }
    }

    static async Task<IReadOnlyDictionary<string, int>> StatusesAsync(LiveWeb web, IReadOnlySet<string> sitemap, CancellationToken cancel)
    {
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var batch in sitemap.Order(StringComparer.Ordinal).Take(Pages).Where(a => Uri.IsWellFormedUriString(a, UriKind.Absolute)).Chunk(4))
            foreach (var (address, status) in await Task.WhenAll(batch.Select(async a => (a, (await web.GetAsync(new Uri(a), cancel)).Status))))
                statuses[address] = status;
        return statuses;
    }
}
