using System.Diagnostics.Metrics;
using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Tracking;

/// <summary>
/// <c>/r/{code}</c>: count, then send the visitor to the shop. Whatever goes wrong with counting, the visitor arrives.
/// </summary>
sealed partial class ClickRedirect(ShopDirectory shops, PartnerDirectory partners, ClickIntake intake, ILogger<ClickRedirect> log)
{
    static readonly Counter<long> Lost = Telemetry.Meter.CreateCounter<long>("affiliate_sidecar.clicks.lost",
        description: "Clicks that neither the database nor the spool could take; the visitors were sent on uncounted.");

    readonly ShopAddress? shop = shops.Default is { } found ? new ShopAddress(found.Url!) : null;

    public async Task AnswerAsync(HttpContext http, string code, string path)
    {
        var response = http.Response;
        response.Headers.CacheControl = "no-store";
        if (shop is null)
        {
            await TypedResults.Problem("No shop is configured: set Sidecar:Shops:<name>:Url.", statusCode: 404).ExecuteAsync(http);
            return;
        }
        var query = http.Request.QueryString.Value ?? "";
        if ((await CountAsync(http, code, path, query) ?? shop.Plain(path, query)) is not { } target)
        {
            await TypedResults.Problem("The path is not the path of a page of the shop, or is too long.", statusCode: 400).ExecuteAsync(http);
            return;
        }
        response.StatusCode = StatusCodes.Status302Found;
        response.Headers.Location = target;
    }

    /// <summary>The address with the click on it; null where nothing is counted.</summary>
    async ValueTask<string?> CountAsync(HttpContext http, string code, string path, string query)
    {
        try
        {
            if ((await partners.RecentAsync(http.RequestAborted)).Find(code) is not { Earns: true } partner)
                return null;
            var page = "/" + path;
            var click = intake.Make(http, partner, partner.LinkTo(page, query), page + query, http.Request.Headers.Referer);
            if (shop!.Of(path, query, partner.Code, click.Id) is not { } target)
                return null;
            await intake.AddAsync(click);
            return target;
        }
#pragma warning disable CA1031 // a visitor at the door is worth more than a click
        catch (Exception e)
#pragma warning restore CA1031
        {
            Lost.Add(1);
            LogLost(e);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A click could not be counted; the visitor was sent on.")]
    partial void LogLost(Exception exception);
}
