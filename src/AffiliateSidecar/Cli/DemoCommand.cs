using System.CommandLine;
using System.Security.Cryptography;
using AffiliateSidecar.Cli.Demo;
using AffiliateSidecar.Shops.Demo;

namespace AffiliateSidecar.Cli;

/// <summary><c>demo</c>: the main job on real input, through the same doors that shops and visitors use.</summary>
static class DemoCommand
{
    public static Command Create(CliContext cli)
    {
        var urls = ServeCommand.Urls();
        var exit = new Option<bool>("--exit") { Description = "End when everything is loaded and checked, instead of serving on" };
        var command = new Command("demo", "The main job on real input: loads a recorded shop, builds the site, serves all of it, prints what to open.") { urls, exit };
        command.SetAction(async (parse, cancel) =>
        {
            var folder = Path.GetFullPath(parse.GetValue(CliContext.Data) ?? Path.Combine("data", "demo"));
            await using var hold = DemoFolder.MakeAnew(folder);
            await cli.Out.WriteLineAsync($"Everything is kept in {folder}, which is made anew each time.");
            await using var app = await ServeCommand.StartAsync(Settings(cli, folder), parse.GetValue(urls), cancel);
            try
            {
                using var story = new DemoStory(app, cli.Out);
                var sound = await story.TellAsync(cancel);
                if (parse.GetValue(exit))
                    return sound ? 0 : 1;
                await cli.Out.WriteLineAsync("Ctrl+C ends it.");
                await app.WaitForShutdownAsync(cancel);
                return 0;
            }
            finally
            {
                await app.StopAsync(CancellationToken.None);
            }
        });
        return command;
    }

    /// <summary>The demo's own shop and place, whatever is configured here for real work.</summary>
    static Dictionary<string, string?> Settings(CliContext cli, string folder) => new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Warning",
        ["ConnectionStrings:Sidecar"] = cli.Configuration.GetValueOrDefault("ConnectionStrings:Sidecar"),
        ["data"] = folder,
        [$"Sidecar:Shops:{DemoStory.Shop}:Kind"] = "woocommerce",
        [$"Sidecar:Shops:{DemoStory.Shop}:Url"] = "https://shop.example/",
        [$"Sidecar:Shops:{DemoStory.Shop}:WebhookSecret"] = DemoShop.Secret,
        ["Sidecar:BootstrapKey"] = "afk_demo_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)),
        ["Sidecar:Site:Name"] = "Demo Shop",
        ["Sidecar:Site:Out"] = Path.Combine(folder, "site-out"),
    };
}
