using System.CommandLine;
using AffiliateSidecar.Site;
using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Cli;

/// <summary><c>site</c>: render, check and preview the static site.</summary>
static class SiteCommand
{
    public static Command Create(CliContext cli) => new("site", "The recruitment site: pages, terms from the live rules, signup") { SiteBuildCommand.Create(cli), Audit(cli), Serve(cli) };

    internal static Option<string> Out() => new("--out") { Description = "Folder of the site [default: site-out]", HelpName = "DIR" };

    static Command Audit(CliContext cli)
    {
        var folder = Out();
        var live = new Option<bool>("--live") { Description = "Check the published program instead: the link in the shop, the signup page, and Google where its key is configured" };
        var json = CliContext.JsonOption();
        var command = new Command("audit", "Check the built site: texts, addresses, languages, links, sitemap. Exit code 1 where something is wrong.") { folder, live, json };
        command.SetAction(async (parse, cancel) =>
        {
            if (parse.GetValue(live))
                return await LookAsync(cli, parse, parse.GetValue(json), cancel);
            await using var app = cli.Build(parse);
            var site = parse.GetValue(folder) ?? app.Services.GetRequiredService<SiteSettings>().Out;
            var findings = SiteAudit.Check(site);
            if (parse.GetValue(json))
                cli.WriteJson(new { Ok = findings.Count == 0, Data = findings });
            else if (findings.Count == 0)
                await cli.Out.WriteLineAsync($"{Path.GetFullPath(site)}: nothing to find fault with.");
            else
                foreach (var finding in findings)
                    await cli.Out.WriteLineAsync($"{(finding.Page.Length == 0 ? "/" : finding.Page)}\t{finding.Check}\tfound: {finding.Found}\texpected: {finding.Expected}");
            return findings.Count == 0 ? 0 : 1;
        });
        return command;
    }

    static async Task<int> LookAsync(CliContext cli, ParseResult parse, bool json, CancellationToken cancel)
    {
        await using var app = cli.Open(parse);
        var report = await app.Services.GetRequiredService<PresenceMonitor>().RunAsync(cancel);
        var well = !report.Failed.Any();
        if (json)
            cli.WriteJson(new { Ok = well, report.CheckedAt, Data = report.Checks });
        else
            foreach (var check in report.Checks)
                await cli.Out.WriteLineAsync($"{(check.Ok switch { true => "ok", false => "FAULT", null => "?" })}\t{check.Check}\t{check.Url}\tfound: {check.Found}"
                    + (check.Ok == true ? "" : $"\texpected: {check.Expected}\n\t{check.Mend}"));
        return well ? 0 : 1;
    }

    static Command Serve(CliContext cli)
    {
        var folder = Out();
        var urls = ServeCommand.Urls();
        var command = new Command("serve", "Preview the built site. The form is only shown: `serve` runs the service that takes it.") { folder, urls };
        command.SetAction(async (parse, cancel) =>
        {
            await using var service = cli.Build(parse);
            var site = Path.GetFullPath(parse.GetValue(folder) ?? service.Services.GetRequiredService<SiteSettings>().Out);
            var record = SiteRecord.Read(site) ?? throw new OperationFailedException($"{site} holds no site. Build it: {CommandLine.Name} site build");
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.SetMinimumLevel(LogLevel.Warning);
            builder.Services.AddSiteFiles();
            await using var app = builder.Build();
            app.Urls.Add(parse.GetValue(urls) ?? "http://127.0.0.1:5000");
            var path = new Uri(record.BaseUrl).AbsolutePath.TrimEnd('/');
            if (path.Length == 0)
                app.UseSiteFolder(site);
            else
            {
                app.Map(path, pages => pages.UseSiteFolder(site));
                app.MapGet("/", () => TypedResults.Redirect(path + "/"));
            }
            await app.StartAsync(cancel);
            await cli.Out.WriteLineAsync($"{site} is shown at {app.Urls.First()}{path}/\nCtrl+C ends it.");
            await app.WaitForShutdownAsync(cancel);
            return 0;
        });
        return command;
    }

    internal static Uri? Address(string? text)
    {
        try
        {
            return text is null ? null : SiteSettings.Folder(text);
        }
        catch (PageException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
