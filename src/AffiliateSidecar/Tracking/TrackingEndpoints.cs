using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AffiliateSidecar.Tracking;

static class TrackingEndpoints
{
    public static IServiceCollection AddTracking(this IServiceCollection services)
    {
        services.AddSingleton<TrackingSettings>();
        services.AddSingleton<ClickWindow>();
        services.AddSingleton<ClickIds>();
        services.AddSingleton<Agents>();
        services.AddSingleton<Visitors>();
        services.AddSingleton<RecentClicks>();
        services.AddSingleton<ClickWriter>();
        services.AddSingleton<ClickIntake>();
        services.AddSingleton<ClickRedirect>();
        services.AddSingleton<ImpressionWriter>();
        services.AddSingleton<IReadinessCheck, ClickSpoolCheck>();
        services.AddSingleton<IIntegrityCheck, RollupCheck>();
        services.AddSingleton<IAfterMigration, MissingLinkDays>();
        services.AddHostedService<SpoolDrain>();
        return services;
    }

    /// <param name="app">For links and scripts, which have short addresses.</param>
    /// <param name="api">For what pages report.</param>
    public static void MapTracking(this IEndpointRouteBuilder app, IEndpointRouteBuilder api)
    {
        app.MapGet("/r/{code}", Follow).WithTags("Tracking").HotPath().DisableValidation();
        app.MapGet("/r/{code}/{**path}", FollowTo).WithTags("Tracking").HotPath().DisableValidation();
        app.MapMethods("/r/{code}", ["HEAD"], Follow).HotPath().DisableValidation().ExcludeFromDescription();
        app.MapMethods("/r/{code}/{**path}", ["HEAD"], FollowTo).HotPath().DisableValidation().ExcludeFromDescription();
        var widget = app.MapGroup("/widget/v1").WithTags("Tracking");
        widget.MapGet("/track.js", () => Script.Track.Answer()).WithSummary("The script that reports clicks on ?ref= links of the shop's pages.").Describes();
        widget.MapGet("/footer.js", () => Script.Footer.Answer()).WithSummary("The script of affiliate-link elements: decorates the link inside and counts how often it is seen.").Describes();
        widget.MapGet("/footer.{version}.js", (string version) => Script.Footer.Answer(version)).WithSummary("The same script in one version, which a snippet names together with its hash.").Describes()
            .ProducesProblem(404);
        api.MapPost("/clicks", Report).WithTags("Tracking").ReadsText<NewClick>().Idempotent().LimitPerAddress(Budget.Public);
        api.MapMethods("/clicks", ["OPTIONS"], AllowReport).ExcludeFromDescription();
        api.MapPost("/impressions", Show).WithTags("Tracking").ReadsText<NewImpression>().Idempotent().LimitPerAddress(Budget.Public);
        api.MapMethods("/impressions", ["OPTIONS"], AllowShow).ExcludeFromDescription();
    }

    /// <summary>Count a click and lead the visitor to the shop's home page.</summary>
    /// <remarks>
    /// The click is on the disk before the answer. Bots, prefetches, HEAD and repetitions are answered alike and flagged, never payable.
    /// Unknown and inactive codes lead to the shop too, and nothing is counted.
    /// </remarks>
    /// <param name="code">The partner's code or an alias, in any case.</param>
    /// <response code="302">The shop's page, with the click in `aff_click` and `utm_content`; other query members pass through.</response>
    /// <response code="404">No shop is configured.</response>
    [ProducesResponseType(302)]
    internal static Task Follow(string code, HttpContext http, ClickRedirect redirect) => redirect.AnswerAsync(http, code, "");

    /// <summary>Count a click and lead the visitor to a page of the shop.</summary>
    /// <remarks>As for the home page. Where the path is that of a deep link of the partner's, the click is counted for it.</remarks>
    /// <param name="code">The partner's code or an alias, in any case.</param>
    /// <param name="path">Path of the page on the shop.</param>
    /// <response code="302">The shop's page, with the click in `aff_click` and `utm_content`; other query members pass through.</response>
    /// <response code="400">The path cannot be the path of a page of the shop.</response>
    [ProducesResponseType(302)]
    internal static Task FollowTo(string code, string path, HttpContext http, ClickRedirect redirect) => redirect.AnswerAsync(http, code, path);

    /// <summary>Report a click on a ?ref= link.</summary>
    /// <remarks>For the shop's own pages: the Origin must be one of the shop's. The JSON may be sent as text/plain, so that browsers need not ask first.</remarks>
    /// <response code="403">The page's origin is not allowed.</response>
    /// <response code="422">The code belongs to no active partner, or the page is not the shop's.</response>
    internal static async Task<Results<Created<ClickView>, ProblemHttpResult>> Report(HttpContext http, TrackingSettings settings,
        ShopDirectory shops, PartnerDirectory partners, ClickIntake intake, CancellationToken cancel)
    {
        if (!Cors.AllowOrigin(http, settings.AllowsOrigin))
            return TypedResults.Problem("Clicks are reported by the shop's own pages; add others to Sidecar:Tracking:AllowedOrigins.", statusCode: 403);
        var report = await TextBody.ReadAsync<NewClick>(http, cancel);
        if (!Uri.TryCreate(report.LandingUrl, UriKind.Absolute, out var landing) || landing.Scheme is not ("http" or "https")
            || !(shops.OwnsHost(landing.Host) || settings.AllowsOrigin(landing.GetLeftPart(UriPartial.Authority))))
            return Problems.Unprocessable("landing_url", "This is not the address of a page of the shop.");
        if ((await partners.RecentAsync(cancel)).Find(report.Code) is not { Earns: true } partner)
            return Problems.Unprocessable("code", "The code belongs to no active partner.");
        var click = intake.Make(http, partner, partner.LinkTo(Uri.UnescapeDataString(landing.AbsolutePath), ""), landing.PathAndQuery, report.Referrer);
        await intake.AddAsync(click);
        return TypedResults.Created((string?)null, new ClickView(click.Id, click.At.AddDays(click.WindowDays)));
    }

    /// <summary>Report that a link or banner was shown.</summary>
    /// <remarks>From any page. Unknown codes are answered alike, and nothing is counted. The JSON may be sent as text/plain.</remarks>
    internal static async Task<NoContent> Show(HttpContext http, PartnerDirectory partners, ImpressionWriter writer, TimeProvider clock, CancellationToken cancel)
    {
        Cors.AllowOrigin(http, _ => true);
        var shown = await TextBody.ReadAsync<NewImpression>(http, cancel);
        if ((await partners.RecentAsync(cancel)).Find(shown.Code) is { Earns: true } partner)
        {
            var link = PublicId.NumberOf(PublicId.Link, shown.Link) is { } number && partner.Links.Values.Contains(number) ? number : 0;
            await writer.AddAsync(new Impressions(partner.Id, link, clock.GetUtcNow(), shown.Count ?? 1));
        }
        return TypedResults.NoContent();
    }

    internal static NoContent AllowReport(HttpContext http, TrackingSettings settings) => Cors.Preflight(http, settings.AllowsOrigin);

    internal static NoContent AllowShow(HttpContext http) => Cors.Preflight(http, _ => true);

    static RouteHandlerBuilder Describes(this RouteHandlerBuilder script) => script.Produces(200, contentType: "text/javascript").Produces(304);
}
