using System.CommandLine;
using System.Reflection;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli;

/// <summary><c>serve</c>: run the service.</summary>
static class ServeCommand
{
    const string DefaultUrl = "http://127.0.0.1:5000";

    public static Option<string> Urls()
    {
        var urls = new Option<string>("--urls")
        {
            Description = $"Addresses to listen on, separated by semicolons [default: {DefaultUrl}]", HelpName = "U",
        };
        urls.Validators.Add(result =>
        {
            foreach (var url in (result.GetValueOrDefault<string>() ?? "").Split(';'))
                if (!IsAddress(url))
                    result.AddError($"'{url}' is no address to listen on. Expected one such as {DefaultUrl}.");
        });
        return urls;
    }

    /// <summary>Kestrel also takes <c>*</c> and <c>+</c> for any host.</summary>
    static bool IsAddress(string url) => url.Trim() is var text
        && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && Uri.IsWellFormedUriString(text.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute);

    public static Command Create(CliContext cli)
    {
        var urls = Urls();
        var command = new Command("serve", "Run the service. Brings its own tables up to date first.") { urls };
        command.SetAction(async (parse, cancel) =>
        {
            await using var app = await StartAsync(cli.Settings(parse), parse.GetValue(urls), cancel);
            var url = app.Urls.First();
            await cli.Out.WriteLineAsync($"""
                Affiliate Sidecar {Version} with {app.Services.GetRequiredService<Database>().Description}
                  API      {url}/v1
                  Swagger  {url}/swagger
                  Site     {url}/site/
                Ctrl+C ends it.
                """);
            await app.WaitForShutdownAsync(cancel);
            return 0;
        });
        return command;
    }

    static string Version => typeof(ServeCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Start listening. A taken port or a newer schema is an exception with a sentence and no other noise.</summary>
    public static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings, string? urls, CancellationToken cancel)
    {
        if (urls is not null)
            settings["urls"] = urls;
        var started = false;
        var app = Program.Build(settings, services => services.AddLogging(logging =>
        {
            // Until it has started, whatever fails is told by the command line; the host would add its stack trace.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => started && level >= LogLevel.Information);
            logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        }));
        if ((app.Configuration["urls"] ?? app.Configuration["http_ports"] ?? app.Configuration["https_ports"]) is null
            && !app.Configuration.GetSection("Kestrel:Endpoints").Exists())
            app.Urls.Add(DefaultUrl);
        try
        {
            await app.StartAsync(cancel);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        started = true;
        return app;
    }
}
