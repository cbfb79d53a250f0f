using System.CommandLine;
using System.Globalization;
using AffiliateSidecar.Site;

namespace AffiliateSidecar.Cli;

/// <summary><c>site build</c>.</summary>
static class SiteBuildCommand
{
    /// <summary>In the table at the end; a larger site has its heaviest pages there.</summary>
    const int MostRows = 60;

    public static Command Create(CliContext cli)
    {
        var folder = SiteCommand.Out();
        var baseUrl = new Option<string>("--base-url") { Description = $"Where the site will be read [default: {SiteSettings.DefaultBaseUrl}]", HelpName = "U" };
        var pages = new Option<string>("--pages") { Description = "Landing pages as data: a JSON array of {slug, title, description, body_html, lang, updated}", HelpName = "F.json" };
        var compress = new Option<bool>("--compress") { Description = "Write .br and .gz beside each text file, for hosts that serve them" };
        var watch = new Option<bool>("--watch") { Description = "Go on: build again at each change of templates, texts, pages or rules, and show the site with --urls" };
        var urls = ServeCommand.Urls();
        var json = CliContext.JsonOption();
        var command = new Command("build", "Render the site from the templates and the live rules. A build that fails leaves the old site as it was.") { folder, baseUrl, pages, compress, watch, urls, json };
        command.SetAction(async (parse, cancel) =>
        {
            var address = SiteCommand.Address(parse.GetValue(baseUrl));
            await using var app = cli.Open(parse);
            var configured = app.Services.GetRequiredService<SiteSettings>().BaseUrl;
            var order = new BuildOrder(parse.GetValue(folder), address ?? SiteCommand.Address(configured), parse.GetValue(pages), parse.GetValue(compress));
            if (parse.GetValue(watch))
                return await SitePreview.RunAsync(cli, app.Services, order, parse.GetValue(urls) ?? "http://127.0.0.1:5000", cancel);
            var report = await BuildAsync(cli, app.Services, order, cancel);
            if (parse.GetValue(json))
                cli.WriteJson(SiteBuildView.Of(report));
            else
                await PrintAsync(cli, report);
            return 0;
        });
        return command;
    }

    internal static Task<BuildReport> BuildAsync(CliContext cli, IServiceProvider services, BuildOrder order, CancellationToken cancel) =>
        ImportCommand.WithProgressAsync(cli, ["pages"], progress => services.GetRequiredService<SiteBuilder>()
            .BuildAsync(order with { Progress = (done, all) => progress?.Invoke("pages", (double)done / all) }, cancel));

    internal static async Task PrintAsync(CliContext cli, BuildReport report)
    {
        foreach (var page in report.Weights.OrderByDescending(p => p.Bytes).Take(MostRows).OrderBy(p => p.Address, StringComparer.Ordinal))
            await cli.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{page.Bytes,8:N0} {(page.Changed ? "new" : "   ")} {(page.Indexable ? "       " : "noindex")} /{page.Address}"));
        await cli.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{report.Pages} pages, {report.Bytes / 1024.0:0.#} KiB, in {report.Folder}, {report.Changed.Count} files changed, {report.Elapsed.TotalMilliseconds:0} ms. For {report.BaseUrl}"));
        foreach (var note in report.Notes)
            await cli.Error.WriteLineAsync("note: " + note);
    }
}
