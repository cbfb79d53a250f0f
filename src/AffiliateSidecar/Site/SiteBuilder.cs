using System.Diagnostics;
using System.Text;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using LinqToDB.Async;

namespace AffiliateSidecar.Site;

/// <summary>A build that succeeded.</summary>
/// <param name="Changed">Files that are new, different or gone.</param>
/// <param name="Notes">What the owner should know.</param>
sealed record BuildReport(string Folder, Uri BaseUrl, int Pages, long Bytes, TimeSpan Elapsed, IReadOnlyList<string> Changed, IReadOnlyList<string> Notes);

/// <summary>Templates + live rules → pages, sitemap, robots, snippets → output folder.</summary>
sealed class SiteBuilder(SiteSettings settings, TemplateFiles files, RuleStore rules, CommissionEngine engine, SignupStamp stamps, Database database, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim building = new(1, 1);

    /// <param name="folder">Null: as configured.</param>
    /// <param name="baseUrl">Null: as configured.</param>
    /// <param name="cancel">Ends the build; the old site stays.</param>
    /// <exception cref="PageException">A template, a text or a setting is wrong; the old site stays.</exception>
    public async Task<BuildReport> BuildAsync(string? folder, Uri? baseUrl, CancellationToken cancel)
    {
        await building.WaitAsync(cancel);
        try
        {
            var watch = Stopwatch.StartNew();
            var model = await ModelAsync(cancel);
            var plan = new SitePlan(settings, baseUrl ?? SiteSettings.Folder(settings.BaseUrl ?? SiteSettings.DefaultBaseUrl), model, files) { Stamp = stamps.OfBuild() };
            PageRules.Check(plan);
            using var output = OutputFolder.Open(folder ?? settings.Out);
            var site = new SiteRecord(plan.BaseUrl.AbsoluteUri, model.Version);
            var bytes = Write(plan, output, site, cancel);
            return new BuildReport(output.Path, plan.BaseUrl, plan.Pages.Count, bytes, watch.Elapsed, output.Publish(), Notes(plan));
        }
        finally
        {
            building.Release();
        }
    }

    public async Task<SiteModel> ModelAsync(CancellationToken cancel)
    {
        await using var db = database.Open();
        var current = await rules.CurrentAsync(db, cancel);
        var since = await db.RuleVersions.Where(v => v.Version == current.Version).Select(v => (DateTimeOffset?)v.CreatedAt).FirstOrDefaultAsync(cancel);
        return new SiteModel(current, since, engine, clock.GetUtcNow());
    }

    /// <summary>Everything below the output folder; the size of the pages.</summary>
    long Write(SitePlan plan, OutputFolder output, SiteRecord record, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var before = Sitemap.Read(Path.Combine(output.Path, Sitemap.FileName));
        var changed = new HashSet<Page>();
        long bytes = 0;
        foreach (var page in plan.Pages)
        {
            cancel.ThrowIfCancellationRequested();
            var html = Bytes(PageText.Render(plan, page, page.Name == PageName.Missing ? plan.BaseUrl.AbsolutePath : page.Up));
            bytes += html.Length;
            if (output.Write(page.File, html))
                changed.Add(page);
            // Hosts look for 404.html at the top.
            if (page.Name == PageName.Missing && page.Language == plan.Wordings[0].Language)
                output.Write("404.html", html);
        }
        foreach (var (name, snippet) in PageText.Snippets(plan, files))
            output.Write(name, Bytes(snippet));
        output.Write(Sitemap.FileName, Bytes(Sitemap.Write(plan, page => !changed.Contains(page) && before.TryGetValue(plan.Url(page), out var day) ? day : today)));
        output.Write("robots.txt", Bytes($"User-agent: *\nAllow: /\n\nSitemap: {plan.BaseUrl}{Sitemap.FileName}\n"));
        output.Write(OutputFolder.RecordFile, record.ToJson());
        return bytes;
    }

    static List<string> Notes(SitePlan plan)
    {
        var notes = new List<string>();
        if (plan.Settings.ServiceUrl is null && !plan.BaseUrl.IsLoopback && plan.BaseUrl.AbsolutePath != "/site/")
            notes.Add($"The form posts to /signup on {plan.BaseUrl.Authority}. If the service answers on another host, set Sidecar:Site:ServiceUrl to its address.");
        if (plan.BaseUrl.AbsolutePath != "/" && !plan.BaseUrl.IsLoopback)
            notes.Add($"Search engines read robots.txt only at {plan.BaseUrl.GetLeftPart(UriPartial.Authority)}/robots.txt: name the sitemap there too.");
        return notes;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose() => building.Dispose();
}
