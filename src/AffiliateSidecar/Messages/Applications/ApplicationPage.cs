using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Messages.Wake;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>The link in the mail to an applicant. Mail scanners open it: showing changes nothing, only the button confirms.</summary>
static class ApplicationPage
{
    public static IEndpointRouteBuilder MapApplicationPage(this IEndpointRouteBuilder root)
    {
        var page = root.MapGroup("/application").WithTags("Applications");
        page.MapGet("/{token}", Show).LimitPerAddress(Budget.Public).Produces<string>(200, "text/html");
        page.MapPost("/{token}", Confirm).LimitPerAddress(Budget.Public).LimitForm().Produces<string>(200, "text/html");
        return root;
    }

    /// <summary>How far an application is; changes nothing.</summary>
    /// <param name="token">Signed, from a mail.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Show(string token, HttpContext http, ApplicationLink links, LinkPage pages, MailSettings settings, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var number = links.Read(token) ?? 0;
        if (await db.Partners.FirstOrDefaultAsync(p => p.Id == number && p.Status != PartnerStatus.Erased, cancel) is not { } partner)
            return Problems.NotFound("This link is not one of ours, or the application was erased. Open it from the mail again, whole.");
        var application = await db.Applications.FirstOrDefaultAsync(a => a.PartnerId == number, cancel);
        var unconfirmed = application is { AskedAt: not null, ConfirmedAt: null } && partner.Status == PartnerStatus.Pending;
        return pages.Of(http, "mail/application.html", partner.Locale, new ScriptObject
        {
            ["state"] = unconfirmed ? "unconfirmed" : partner.StatusReason == WakeRun.Retired ? "retired" : partner.Status, ["name"] = partner.Name, ["email"] = partner.Email ?? "", ["submitted"] = $"{partner.CreatedAt:O}",
            ["link"] = new Uri(settings.ServiceUrl, $"r/{partner.Code}").AbsoluteUri,
        });
    }

    /// <summary>Confirm the address that the link was sent to, or bring links back that had come to rest.</summary>
    /// <param name="token">Signed, from a mail.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Confirm(string token, HttpContext http, ApplicationLink links, LinkPage pages, MailSettings settings, PartnerDecisions decisions, Database database, TimeProvider clock, CancellationToken cancel)
    {
        if (links.Read(token) is { } partner)
        {
            var now = UnixTime.Truncate(clock.GetUtcNow());
            await database.WriteAsync((db, write) => db.Applications.Where(a => a.PartnerId == partner && a.ConfirmedAt == null).Set(a => a.ConfirmedAt, now).UpdateAsync(write), cancel);
            await decisions.DecideAsync(partner, [PartnerStatus.Suspended], new(PartnerStatus.Approved, null, Side.Partner, http.Connection.RemoteIpAddress?.ToString()), cancel,
                (db, write) => db.Partners.AnyAsync(p => p.Id == partner && p.StatusReason == WakeRun.Retired, write));
        }
        return await Show(token, http, links, pages, settings, database, cancel);
    }
}
