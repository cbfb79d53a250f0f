using AffiliateSidecar.Cli;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Fraud;
using AffiliateSidecar.Http;
using AffiliateSidecar.Insights;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Messages;
using AffiliateSidecar.Messages.Applications;
using AffiliateSidecar.Messages.Digest;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Plugins;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Shops;
using AffiliateSidecar.Site;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using AffiliateSidecar.Tracking;
using Microsoft.Extensions.Configuration.Memory;

return await CommandLine.RunAsync(args);

/// <summary>The list of features, in the order the data flows.</summary>
sealed partial class Program
{
    /// <summary>What holds where neither file, environment nor command line says otherwise.</summary>
    static readonly Dictionary<string, string?> Defaults = new()
    {
        // Two lines a request would cost more than the click they tell of.
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // A refused caller is told by the answer.
        ["Logging:LogLevel:AffiliateSidecar.Http.Authorization+Handler"] = "Warning",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss'Z' ",
    };

    /// <param name="settings">Configuration that comes last and wins: the command line's, a test's.</param>
    /// <param name="customise">Lets a test turn the clock.</param>
    internal static WebApplication Build(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? customise = null)
    {
        var app = Compose(settings, services =>
        {
            services.AddTelemetry();    // /metrics: nobody asks a command for its counters
            customise?.Invoke(services);
        });
        app.UseHttp();
        app.UseSite();              // /site/
        app.MapHttp();              // health, metrics, OpenAPI
        app.MapSignup();
        app.MapUnsubscribe();
        app.MapApplicationPage();
        app.MapThreadPage();
        app.MapDecisionPage();
        var api = app.MapGroup("/v1");
        api.MapAuditLog();
        api.MapPartners();
        app.MapTracking(api);
        api.MapLedger();
        api.MapCommissionRules();
        api.MapOrders();
        api.MapCommissions();
        api.MapShops();
        api.MapPayouts();
        api.MapStatements();
        api.MapFraud();
        api.MapInsights();
        api.MapMessages();
        api.MapSite();
        api.MapPlugins();
        return app;
    }

    /// <summary>All parts and no address: for commands that work on the database and answer nobody.</summary>
    internal static WebApplication Compose(IReadOnlyDictionary<string, string?> settings, Action<IServiceCollection>? customise = null)
    {
        // Reloading watches the current directory with everything below it: each write to data/ would wake the watcher.
        var builder = WebApplication.CreateSlimBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        builder.Configuration.AddInMemoryCollection(settings);
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddStorage();      // SQLite, or MySQL/MariaDB by connection string
        services.AddHttp();         // problems, API keys, limits, OpenAPI
        services.AddReferenceData(); // addresses, bots, mail domains, ads
        services.AddTemplates();    // pages and what they say, in every language
        services.AddPartners();
        services.AddTracking();     // click → clicks + rollups
        services.AddLedger();       // append-only, double entry
        services.AddCommissions();  // rules → what a line deserves
        services.AddOrders();       // order → attribution → commission → ledger
        services.AddShops();        // shop webhook → order
        services.AddPayouts();      // balances → batch → file for the bank → paid
        services.AddFraud();        // rollups + orders → signals → report
        services.AddInsights();     // orders → figures → segments, whom to talk to
        services.AddMessages();     // mails: queue → mail server
        services.AddSite();         // templates + live rules → pages
        services.AddPlugins(builder.Configuration); // adds to the lists above, so it comes last
        customise?.Invoke(services);

        return builder.Build();
    }
}
