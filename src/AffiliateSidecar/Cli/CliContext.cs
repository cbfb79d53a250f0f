using System.CommandLine;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli;

/// <summary>What every command works with: where to print, and the service with its configuration.</summary>
/// <param name="Configuration"><c>--Section:Key=value</c> of the command line.</param>
/// <param name="Out">Data.</param>
/// <param name="Error">Everything that is said about the data.</param>
sealed record CliContext(IReadOnlyDictionary<string, string?> Configuration, TextWriter Out, TextWriter Error)
{
    public static readonly Option<string> Data = new("--data")
    {
        Description = "Folder of the embedded database, keys and spools [default: data]", HelpName = "DIR", Recursive = true,
    };

    static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    /// <summary>A new <c>--json</c> option; one a command, beside its others in the help.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON" };

    public void WriteJson<T>(T value) => Out.WriteLine(JsonSerializer.Serialize(value, Indented));

    /// <summary>The configuration that wins over files and environment.</summary>
    public Dictionary<string, string?> Settings(ParseResult parse)
    {
        var settings = new Dictionary<string, string?>(Configuration, StringComparer.OrdinalIgnoreCase);
        if (parse.GetValue(Data) is { } folder)
            settings["data"] = folder;
        return settings;
    }

    /// <summary>
    /// The service without its listener, for commands that work on the database: the same parts, put together in the same place.
    /// Its log goes to stderr and has warnings only.
    /// </summary>
    public WebApplication Build(ParseResult parse)
    {
        var settings = Settings(parse);
        settings.TryAdd("Logging:LogLevel:Default", "Warning");
        settings.TryAdd("Logging:Console:LogToStandardErrorThresholdLevel", "Trace");
        return Program.Compose(settings);
    }

    /// <summary><see cref="Build"/>, with the tables brought up to date.</summary>
    public WebApplication Open(ParseResult parse)
    {
        var app = Build(parse);
        app.Services.GetRequiredService<Migrator>().Migrate();
        // Made on a connection of its own: inside somebody's transaction SQLite would have it wait for itself.
        app.Services.GetRequiredService<Installation>().KeyFor("start");
        return app;
    }

    /// <summary>Part <c>--Section:Key=value</c> and <c>--Section:Key value</c> from the words of the command.</summary>
    public static (List<string> Words, Dictionary<string, string?> Configuration) TakeConfiguration(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var configuration = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (name, value) = args[i].IndexOf('=') is > 0 and var at ? (args[i][..at], args[i][(at + 1)..]) : (args[i], null);
            if (!name.StartsWith("--", StringComparison.Ordinal) || !name.Contains(':'))
                words.Add(args[i]);
            else
                configuration[name[2..]] = value ?? (i + 1 < args.Count ? args[++i] : null);
        }
        return (words, configuration);
    }
}
