using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Drift;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Shops.WooCommerce;
using AffiliateSidecar.Shops.WooCommerce.Health;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Shops;

static class ShopEndpoints
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static IServiceCollection AddShops(this IServiceCollection services)
    {
        services.AddSingleton<WebhookSpool>();
        services.AddSingleton<WebhookInbox>();
        services.AddSingleton<IReadinessCheck, WebhookSpoolCheck>();
        services.AddHostedService<WebhookSpoolDrain>();
        services.AddSingleton<DeliveryLog>();
        services.AddHostedService(s => s.GetRequiredService<DeliveryLog>());
        services.AddHostedService<Heartbeat>();
        services.AddSingleton(new HostNames());
        services.AddSingleton<WebhookHealth>();
        services.AddSingleton<IReadinessCheck, ShopWebhookCheck>();
        services.AddSingleton<DriftWitness>();
        services.AddSingleton<ShopReaders>();
        services.AddSingleton<DriftExplainer>();
        services.AddSingleton<DriftLog>();
        services.AddSingleton<DriftGauge>();
        services.AddSingleton<DriftSearch>();
        services.AddSingleton<DriftReport>();
        services.AddSingleton<ShopSync>();
        services.AddSingleton<Backtest>();
        services.AddSingleton<ShopCoupons>();
        services.AddSingleton<DeliveryReads>();
        services.AddSingleton<ShopSyncCheck>();
        services.AddSingleton<IReadinessCheck>(provider => provider.GetRequiredService<ShopSyncCheck>());
        services.AddHostedService(provider => provider.GetRequiredService<DeliveryReads>());
        services.AddHostedService<ShopSyncTimer>();
        return services;
    }

    public static IEndpointRouteBuilder MapShops(this IEndpointRouteBuilder api)
    {
        var shops = api.MapGroup("/shops").WithTags("Shops");
        shops.MapGet("/", List).RequireScope(Scope.OrdersRead);
        shops.MapPost("/{shop}/sync", Sync).RequireScope(Scope.OrdersWrite);
        shops.MapGet("/{shop}/drift", Drift).RequireScope(Scope.OrdersRead);
        shops.MapGet("/{shop}/coupons", ListCoupons).RequireScope(Scope.PartnersRead);
        // No budget: a shop sends its deliveries in bursts and never twice, and one that is told to come back later is lost.
        shops.MapPost("/{shop}/webhooks/woocommerce", WebhookEndpoint.Receive)
            .AddOpenApiOperationTransformer(WebhookDocument.Describe);
        return api;
    }

    /// <summary>List the shops.</summary>
    /// <remarks>All of the configuration, in one page, with how far each shop's own database has been read.</remarks>
    internal static async Task<Ok<Page<ShopView>>> List(ShopDirectory shops, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var syncs = await db.ShopSyncs.ToDictionaryAsync(s => s.Shop, StringComparer.Ordinal, cancel);
        return TypedResults.Ok(new Page<ShopView>([.. shops.All.Select(s => ShopView.Of(s, syncs.GetValueOrDefault(s.Name)))], null));
    }

    /// <summary>Read a shop's own database now.</summary>
    /// <remarks>
    /// Reads what has changed since the last time; the first time, the shop's whole history. It runs by itself every minute, and by night
    /// with <c>sweep</c>: some changes move no date and send no webhook (a deleted refund, an erased order, an edit by SQL).
    /// </remarks>
    /// <param name="shop">The shop's name in the configuration.</param>
    /// <param name="request">Nothing, or how much to look at.</param>
    /// <response code="200">Done.</response>
    /// <response code="202">It takes longer, or another run is under way: it goes on.</response>
    /// <response code="404">No shop has this name.</response>
    /// <response code="409">The shop's database is not connected.</response>
    /// <response code="503">The shop's database cannot be read; the detail says why and how to mend it.</response>
    internal static async Task<Results<Ok<SyncView>, Accepted<SyncView>, ProblemHttpResult>> Sync(string shop, SyncRequest? request, ShopDirectory shops, ShopSync sync,
        IHostApplicationLifetime lifetime, CancellationToken cancel)
    {
        if (Connected(shops, shop, out var settings) is { } problem)
            return problem;
        // Whoever asked may leave: what was begun is finished.
        var run = Task.Run(() => sync.RunAsync(settings!, (request ?? new()).Scope, true, null, lifetime.ApplicationStopping), CancellationToken.None);
        try
        {
            return await run.WaitAsync(Patience, cancel) is { } outcome
                ? TypedResults.Ok(new SyncView("done", outcome))
                : TypedResults.Accepted("/v1/shops", new SyncView("running", null));
        }
        catch (TimeoutException)
        {
            return TypedResults.Accepted("/v1/shops", new SyncView("running", null));
        }
        catch (ShopDatabaseException e)
        {
            return TypedResults.Problem(e.Message, statusCode: 503);
        }
    }

    /// <summary>List what a shop's deliveries have missed.</summary>
    /// <remarks>
    /// Compares the shop's own database with the orders here, now, and changes nothing: every order that is not here, or not the same, with
    /// the commission at stake and why it was not heard of. <c>POST …/sync</c> mends it. What has been found and mended by itself in the last 30 days
    /// is in <c>recovered</c>. The first 2,000 that differ are looked at one by one; further ones are counted in <c>unread</c>, and what is at
    /// stake with them is not known here: <c>shop drift</c> on the command line looks at all.
    /// </remarks>
    /// <param name="shop">The shop's name in the configuration.</param>
    /// <response code="404">No shop has this name.</response>
    /// <response code="409">The shop's database is not connected.</response>
    /// <response code="503">The shop's database cannot be read; the detail says why and how to mend it.</response>
    internal static async Task<Results<Ok<DriftView>, ProblemHttpResult>> Drift(string shop, [AsParameters] PageQuery page, ShopDirectory shops, DriftReport report,
        CancellationToken cancel)
    {
        if (Connected(shops, shop, out var settings) is { } problem)
            return problem;
        try
        {
            return TypedResults.Ok(await report.OfAsync(settings!, (int)Math.Clamp(page.AfterNumber ?? 0, 0, int.MaxValue), page.Take, DriftSearch.MostAtOnce, cancel));
        }
        catch (ShopDatabaseException e)
        {
            return TypedResults.Problem(e.Message, statusCode: 503);
        }
    }

    /// <summary>List the shop's own coupons.</summary>
    /// <remarks>Read from the shop's database, with the partner whom each credits. <c>POST /v1/partners/{id}/coupons</c> binds one.</remarks>
    /// <param name="shop">The shop's name in the configuration.</param>
    /// <response code="404">No shop has this name.</response>
    /// <response code="409">The shop's database is not connected, or the shop is not WooCommerce.</response>
    /// <response code="503">The shop's database cannot be read; the detail says why and how to mend it.</response>
    internal static async Task<Results<Ok<ShopCouponsView>, ProblemHttpResult>> ListCoupons(string shop, [AsParameters] PageQuery page, ShopDirectory shops, ShopCoupons coupons,
        CancellationToken cancel)
    {
        if (Connected(shops, shop, out var settings) is { } problem)
            return problem;
        if (settings!.Kind != "woocommerce")
            return Problems.Conflict("Coupons are read from WooCommerce only.");
        try
        {
            return TypedResults.Ok(await coupons.ListAsync(settings, page, cancel));
        }
        catch (ShopDatabaseException e)
        {
            return TypedResults.Problem(e.Message, statusCode: 503);
        }
    }

    static ProblemHttpResult? Connected(ShopDirectory shops, string name, out ShopSettings? shop) =>
        (shop = shops.Find(name)) is null ? Problems.NotFound("No shop has this name. Shops are configured under Sidecar:Shops.")
        : shop.ConnectionString is null ? TypedResults.Problem($"Its database is not connected: set Sidecar:Shops:{shop.Name}:ConnectionString. "
            + "`affiliate-sidecar shop check` says how to make the account.", statusCode: 409)
        : null;
}
