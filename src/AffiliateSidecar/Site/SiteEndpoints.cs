using AffiliateSidecar.Http;
using AffiliateSidecar.Site.Presence;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Templates;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Site;

static class SiteEndpoints
{
    public static IServiceCollection AddSite(this IServiceCollection services)
    {
        services.AddSingleton(provider => SiteSettings.Of(provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<ShopDirectory>()));
        services.AddSingleton<TermsBook>();
        services.AddSingleton<IndexNow>();
        services.AddSingleton<SiteBuilder>();
        services.AddSingleton<SignupStamp>();
        services.AddSingleton<SignupPage>();
        services.AddSiteFiles();
        services.AddPresence();
        services.AddHostedService<SiteWatch>();
        services.AddHostedService<JoinPosts>();
        return services;
    }

    public static IEndpointRouteBuilder MapSite(this IEndpointRouteBuilder api)
    {
        var site = api.MapGroup("/site").WithTags("Site");
        site.MapPost("/build", Build).RequireScope(Scope.SiteWrite);
        site.MapGet("/status", Status).RequireScope(Scope.SiteWrite);
        api.MapGet("/terms", Terms).WithTags("Site").RequireScope(Scope.CommissionsRead);
        return api;
    }

    /// <summary>Every version of the terms, the newest first.</summary>
    /// <remarks>A version is written down when the site is built, word for word as its readers see it, and never changed.</remarks>
    internal static async Task<Ok<TermsListView>> Terms(Storage.Database database, CancellationToken cancel) => TypedResults.Ok(await TermsListView.ReadAsync(database, cancel));

    /// <summary>Build and publish the site from the templates and the live rules.</summary>
    /// <remarks>The service does the same by itself where there is no site yet, and when the rules change.</remarks>
    /// <response code="422">A template, a text or a setting is wrong; the old site stays.</response>
    internal static async Task<Results<Ok<SiteBuildView>, ProblemHttpResult>> Build(SiteBuilder builder, CancellationToken cancel)
    {
        try
        {
            return TypedResults.Ok(SiteBuildView.Of(await builder.BuildAsync(new(), cancel)));
        }
        catch (PageException e)
        {
            return TypedResults.Problem(e.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return TypedResults.Problem($"The site cannot be written, the old one stays: {e.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>The pages of the site as they are published.</summary>
    /// <remarks>Read from the output folder: what is published, whoever built it.</remarks>
    /// <response code="404">No site has been built yet.</response>
    internal static async Task<Results<Ok<SiteStatusView>, ProblemHttpResult>> Status(SiteSettings settings, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return SiteStatusView.Read(settings.Out, await SignupsView.ReadAsync(db, cancel), await PresenceReport.ReadAsync(db, cancel)) is { } status
            ? TypedResults.Ok(status)
            : Problems.NotFound("No site has been built yet. Build it: POST /v1/site/build");
    }
}
