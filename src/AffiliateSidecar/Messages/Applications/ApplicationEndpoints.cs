using AffiliateSidecar.Http;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Messages.Applications;

static class ApplicationEndpoints
{
    public static IServiceCollection AddApplications(this IServiceCollection services)
    {
        services.AddSingleton<ApplicationSettings>();
        services.AddSingleton<ApplicationLink>();
        services.AddSingleton<ApplicationRisks>();
        services.AddSingleton(_ => SiteProbe.OfTheWeb());
        services.AddSingleton<IPartnerNews, ApplicationNews>();
        services.AddHostedService<ApplicationWatch>();
        return services;
    }

    public static void MapApplications(this IEndpointRouteBuilder api) => api.MapGet("/applications", List).WithTags("Applications").RequireScope(Scope.PartnersRead);

    /// <summary>Applications that wait for an answer, the oldest first, each with what speaks against it.</summary>
    /// <remarks>
    /// Answer with <c>POST /v1/partners/{id}/approve</c> or <c>…/reject</c>. Where a mail server is set, an applicant is in the queue as soon as he has confirmed his address; without one, at once.
    /// </remarks>
    internal static async Task<Ok<Page<ApplicationView>>> List([AsParameters] ApplicationFilter filter, [AsParameters] PageQuery page, Database database, ApplicationRisks risks, CancellationToken cancel)
    {
        await using var db = database.Open();
        var after = page.AfterNumber ?? 0;
        var rows = await Of(db, filter.State ?? ApplicationFilter.Waiting).Where(a => a.Partner.Id > after).OrderBy(a => a.Partner.Id).Take(page.Take + 1).ToListAsync(cancel);
        var facts = await risks.LoadAsync(db, [.. rows.Select(r => (r.Partner, r.Application))], cancel);
        var earned = await EarnedAsync(db, [.. rows.Where(r => r.Application?.ApprovedBy == ApplicationNews.ByRule).Select(r => r.Partner.Id)], cancel);
        return TypedResults.Ok(page.Of(rows, r => $"{r.Partner.Id}", r => ApplicationView.Of(r.Partner, r.Application, [.. facts[r.Partner.Id]],
            earned.GetValueOrDefault((r.Partner.Id, r.Application?.CapCurrency ?? "")))));
    }

    /// <summary>Pending partners that came another way have no row of their own, and wait all the same.</summary>
    internal static IQueryable<Applicant> Of(SidecarDb db, string state)
    {
        var all = from p in db.Partners from a in db.Applications.LeftJoin(a => a.PartnerId == p.Id) select new Applicant { Partner = p, Application = a };
        return state switch
        {
            ApplicationFilter.Unconfirmed => all.Where(a => a.Partner.Status == PartnerStatus.Pending && a.Application!.AskedAt != null && a.Application.ConfirmedAt == null),
            ApplicationFilter.Automatic => all.Where(a => a.Partner.Status == PartnerStatus.Approved && a.Application!.ApprovedBy == ApplicationNews.ByRule),
            _ => all.Where(a => a.Partner.Status == PartnerStatus.Pending && (a.Application!.AskedAt == null || a.Application.ConfirmedAt != null)),
        };
    }

    /// <summary>All that somebody has earned, paid or not.</summary>
    static async Task<Dictionary<(int, string), long>> EarnedAsync(SidecarDb db, int[] partners, CancellationToken cancel)
    {
        string[] accounts = [Account.Pending, Account.Held, Account.Approved, Account.Paid];
        return (await db.Ledger.Where(l => partners.Contains(l.PartnerId) && accounts.Contains(l.Account)).GroupBy(l => new { l.PartnerId, l.Currency })
            .Select(g => new { g.Key.PartnerId, g.Key.Currency, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel)).ToDictionary(e => (e.PartnerId, e.Currency), e => e.Sum);
    }
}

/// <summary>A partner and his application, where he came by the form.</summary>
sealed record Applicant
{
    public required PartnerRow Partner { get; init; }
    public ApplicationRow? Application { get; init; }
}
