using System.Diagnostics;
using System.Text;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Site;

/// <summary>What to build; what is left out is as configured.</summary>
/// <param name="Pages">File of data pages.</param>
/// <param name="Progress">Told of pages done and of all.</param>
sealed record BuildOrder(string? Folder = null, Uri? BaseUrl = null, string? Pages = null, bool Compress = false, Action<int, int>? Progress = null);

/// <summary>A build that succeeded.</summary>
/// <param name="Changed">Files that are new, different or gone.</param>
/// <param name="Moved">Addresses of pages that say something else, are new or gone.</param>
/// <param name="Notes">What the owner should know.</param>
sealed record BuildReport(string Folder, Uri BaseUrl, int Pages, long Bytes, TimeSpan Elapsed, IReadOnlyList<string> Changed, IReadOnlyList<string> Moved, IReadOnlyList<string> Notes)
{
    /// <summary>Of the pages that have templates of their own.</summary>
    public required IReadOnlyList<PageWeight> Weights { get; init; }
}

/// <summary>A page in the table at the end of a build.</summary>
readonly record struct PageWeight(string Address, int Bytes, bool Indexable, bool Changed);

/// <summary>Templates + live rules → pages, sitemap, robots, snippets → output folder.</summary>
sealed class SiteBuilder(SiteSettings settings, TemplateFiles files, RuleStore rules, CommissionEngine engine, TermsBook terms, SignupStamp stamps, IndexNow indexNow, FraudSettings fraud, Database database, TimeProvider clock) : IDisposable
{
    readonly SemaphoreSlim building = new(1, 1);

    /// <exception cref="PageException">A template, a text, a page of data or a setting is wrong; the old site stays.</exception>
    public async Task<BuildReport> BuildAsync(BuildOrder order, CancellationToken cancel)
    {
        await building.WaitAsync(cancel);
        try
        {
            var watch = Stopwatch.StartNew();
            var model = await ModelAsync(cancel);
            var baseUrl = order.BaseUrl ?? SiteSettings.Folder(settings.BaseUrl ?? SiteSettings.DefaultBaseUrl);
            var data = order.Pages ?? settings.Pages;
            if (OutputFolder.Untouched(order.Folder ?? settings.Out, await InputsAsync(model, baseUrl, data, order.Compress, cancel)) is { } same)
                return new(Path.GetFullPath(order.Folder ?? settings.Out), baseUrl, same.Count, same.Bytes, watch.Elapsed, [], [], []) { Weights = [] };
            using var output = OutputFolder.Open(order.Folder ?? settings.Out, order.Compress);
            var plan = await PlanAsync(model, baseUrl, data, output, cancel);
            var weights = new List<PageWeight>();
            var bytes = await WriteAsync(plan, output, weights, order.Progress, cancel);
            var count = plan.Pages.Count + (plan.Data?.Count ?? 0);
            output.WriteRecord(new SiteRecord(plan.BaseUrl.AbsoluteUri, model.Version, data is null ? null : Path.GetFullPath(data), await InputsAsync(model, baseUrl, data, order.Compress, cancel), count, bytes).ToJson());
            var moved = output.Moved.Select(f => plan.BaseUrl + (f.EndsWith("index.html", StringComparison.Ordinal) ? f[..^"index.html".Length] : f)).ToList();
            var changed = output.Publish();
            var elapsed = watch.Elapsed;
            var told = await indexNow.TellAsync(plan.BaseUrl, moved, cancel);
            return new BuildReport(output.Path, plan.BaseUrl, count, bytes, elapsed, changed, moved, [.. Notes(plan), .. told is null ? Array.Empty<string>() : [told]])
            {
                Weights = weights,
            };
        }
        finally
        {
            building.Release();
        }
    }

    public async Task<SiteModel> ModelAsync(CancellationToken cancel)
    {
        var current = await rules.CurrentAsync(cancel);
        return new SiteModel(current, engine, clock.GetUtcNow()) { OwnPurchases = fraud.OwnPurchases, Coming = (await rules.ComingAsync(database, current, cancel)) is [.., var coming] ? coming.Version : null };
    }

    /// <summary>Hash of everything that a page can depend on: files by their time, sums by what they come to.</summary>
    async Task<string> InputsAsync(SiteModel model, Uri baseUrl, string? data, bool compress, CancellationToken cancel)
    {
        var file = data is null ? null : new FileInfo(data);
        string?[] all =
        [
            typeof(SiteBuilder).Module.ModuleVersionId.ToString(), files.State(), model.Version, model.Sums, await terms.NewestAsync(cancel), baseUrl.AbsoluteUri, settings.ToString(), $"{compress}",
            indexNow.KeyFile?.Text, stamps.OfBuild(), file?.FullName, file is { Exists: true } ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : null,
        ];
        return Convert.ToHexStringLower(System.IO.Hashing.XxHash128.Hash(Bytes(string.Join('\n', all))));
    }

    /// <summary>What will be built, judged as far as it can be before a page is written. Meanwhile a data file is read, and the pictures are drawn, which need no more than the titles.</summary>
    async Task<SitePlan> PlanAsync(SiteModel model, Uri baseUrl, string? data, OutputFolder output, CancellationToken cancel)
    {
        SitePlan plan = null!;
        DataPages? pages = null;
        await AtOnce.RunAsync(cancel, async token =>
        {
            plan = new SitePlan(settings, baseUrl, model, files) { Stamp = stamps.OfBuild() };
            await AtOnce.RunAsync(token, also => JudgeAsync(plan, model, also), also => StaticParts.WritePicturesAsync(plan, data is not null, output, also));
        }, async token => pages = data is null ? null : await DataPages.OpenAsync(data, Language.All(files), token));
        if (pages is not null)
            plan.Data = await pages.BesideAsync(plan.Pages, cancel);
        return plan;
    }

    async Task JudgeAsync(SitePlan plan, SiteModel model, CancellationToken cancel)
    {
        await RecordTermsAsync(plan, model, cancel);
        PageRules.Check(plan);
        PlainLanguage.Check(plan, files);
    }

    /// <summary>The terms of the rules in force, and of those that will be, are written down before anybody reads them.</summary>
    async Task RecordTermsAsync(SitePlan plan, SiteModel model, CancellationToken cancel)
    {
        foreach (var set in (await rules.ComingAsync(database, model.Rules, cancel)).Prepend(model.Rules))
        {
            var applies = await RuleStore.AppliesAtAsync(database, set.Version, cancel);
            var said = set.Version == model.Rules.Version ? plan : new SitePlan(settings, plan.BaseUrl, new SiteModel(set, engine, applies ?? clock.GetUtcNow()) { OwnPurchases = fraud.OwnPurchases }, files);
            await terms.RecordAsync(set.Version, applies, fraud.OwnPurchases, TermsText.Of(said), cancel);
        }
        plan.Add(new TermsPages(await terms.ReadAsync(cancel), clock.GetUtcNow()));
    }

    /// <summary>Everything below the output folder; the size of the pages.</summary>
    async Task<long> WriteAsync(SitePlan plan, OutputFolder output, List<PageWeight> weights, Action<int, int>? progress, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var all = plan.Pages.Count + (plan.Data?.Count ?? 0);
        long own = 0, landing = 0;
        await AtOnce.RunAsync(cancel,
            token => Task.FromResult(own = WritePages(plan, output, today, weights, token)),
            async token => landing = plan.Data is { } data ? await new DataPageWriter(plan, data, output, today).WriteAsync(done => progress?.Invoke(plan.Pages.Count + done, all), token) : 0,
            token => Task.FromResult(WriteSnippets(plan, output)));
        foreach (var (name, content) in Sitemap.Write(plan.BaseUrl, plan.Listed.Select(p => new SitemapEntry(plan.Url(p), output.DayOf(p), plan.Alternates(p))), all))
            output.Write(name, content.Span);
        StaticParts.Write(plan, files, output);
        if (indexNow.KeyFile is var (name2, key))
            output.Write(name2, Bytes(key));
        return own + landing;
    }

    /// <summary>Those that have templates of their own.</summary>
    static long WritePages(SitePlan plan, OutputFolder output, DateOnly today, List<PageWeight> weights, CancellationToken cancel)
    {
        foreach (var page in plan.Pages)
        {
            cancel.ThrowIfCancellationRequested();
            var html = Bytes(PageText.Render(plan, page, page.Name == PageName.Missing ? plan.BaseUrl.AbsolutePath : page.Up));
            var content = PageContent.HashOf(html);
            var isNew = output.Write(page.File, html, content, output.DayOf(page.File, content, today));
            weights.Add(new(page.Address, html.Length, page.Indexable, isNew));
            // Hosts look for 404.html at the top.
            if (page.Name == PageName.Missing && page.Language == plan.Wordings[0].Language)
                output.Write("404.html", html);
        }
        return weights.Sum(w => (long)w.Bytes);
    }

    int WriteSnippets(SitePlan plan, OutputFolder output) => PageText.Snippets(plan, files).Count(s => output.Write(s.File, Bytes(s.Text)));

    static List<string> Notes(SitePlan plan)
    {
        var notes = plan.Notes.ToList();
        if (plan.Data?.Note is { } note)
            notes.Add(note);
        if (plan.Settings.ServiceUrl is null && !plan.BaseUrl.IsLoopback && plan.BaseUrl.AbsolutePath != "/site/")
            notes.Add($"The form posts to /signup on {plan.BaseUrl.Authority}. If the service answers on another host, set Sidecar:Site:ServiceUrl to its address.");
        if (plan.BaseUrl.AbsolutePath != "/" && !plan.BaseUrl.IsLoopback)
            notes.Add($"Search engines read robots.txt only at {plan.BaseUrl.GetLeftPart(UriPartial.Authority)}/robots.txt: name the sitemap there too.");
        return notes;
    }

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose() => building.Dispose();
}
