using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Messages;

static class MailEndpoints
{
    public static void MapMails(this IEndpointRouteBuilder api)
    {
        api.MapGet("/mails", List).WithTags("Mail").RequireScope(Scope.PartnersRead);
        api.MapPost("/mails/{id}/requeue", Requeue).WithTags("Mail").RequireScope(Scope.MessagesWrite);
        var stops = api.MapGroup("/mail-stops").WithTags("Mail");
        stops.MapGet("/", Stops).RequireScope(Scope.PartnersRead);
        stops.MapPost("/", Stop).RequireScope(Scope.MessagesWrite);
        stops.MapDelete("/", Lift).RequireScope(Scope.MessagesWrite);
    }

    /// <summary>Mails to partners and applicants, the newest first: queued, sent, failed and why.</summary>
    internal static async Task<Results<Ok<Page<MailView>>, ProblemHttpResult>> List([AsParameters] MailFilter filter, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Mails.AsQueryable();
        if (filter.Status is not null)
            query = query.Where(m => m.Status == filter.Status);
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(m => m.PartnerId == partner);
        }
        if (page.AfterNumber is { } after)
            query = query.Where(m => m.Id < after);
        var rows = await query.OrderByDescending(m => m.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), MailView.Of));
    }

    /// <summary>Try a mail again that has failed, from the beginning.</summary>
    /// <remarks>An address that is called dead stays so: <c>DELETE /v1/mail-stops</c> lifts that first.</remarks>
    /// <response code="409">It has not failed.</response>
    internal static async Task<Results<Ok<MailView>, ProblemHttpResult>> Requeue(string id, HttpContext http, Outbox outbox, Database database, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Mail, id) ?? 0;
        var requeued = await database.WriteAsync((db, token) => outbox.RequeueAsync(db.Mails.Where(m => m.Id == number), token), cancel);
        await using var reader = database.Open();
        if (await reader.Mails.FirstOrDefaultAsync(m => m.Id == number, cancel) is not { } row)
            return Problems.NotFound($"There is no mail '{id}'.");
        if (requeued == 0)
            return Problems.Conflict($"The mail is {row.Status}: only one that has failed is tried again.");
        await database.AuditAsync(http, "mail.requeue", id, null, cancel);
        return TypedResults.Ok(MailView.Of(row));
    }

    /// <summary>What an address does not get, and why.</summary>
    internal static async Task<Ok<MailStopList>> Stops([AsParameters] AddressQuery query, MailStops stops, Database database, CancellationToken cancel)
    {
        var key = stops.KeyOf(query.Address);
        await using var db = database.Open();
        var rows = await db.MailStops.Where(s => s.AddressKey == key).OrderBy(s => s.Topic).ToListAsync(cancel);
        return TypedResults.Ok(new MailStopList([.. rows.Select(MailStopView.Of)], null));
    }

    /// <summary>Tell of a bounce or a complaint, as your mail service reports it: the address gets no further mail.</summary>
    /// <remarks>Refusals that the mail server answers at once are counted without this.</remarks>
    internal static async Task<Ok<MailStopView>> Stop(NewMailStop request, HttpContext http, MailStops stops, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var topic = request.Reason == MailStops.Unsubscribed ? MailStops.EveryTopic : MailStops.Everything;
        await database.WriteAsync((db, token) => stops.AddAsync(db, stops.KeyOf(request.Address), topic, request.Reason, request.Detail, token), cancel);
        await database.AuditAsync(http, $"mail.{request.Reason}", stops.KeyOf(request.Address), null, cancel);
        return TypedResults.Ok(new MailStopView(topic == MailStops.Everything ? null : topic, request.Reason, request.Detail, UnixTime.Truncate(clock.GetUtcNow())));
    }

    /// <summary>Write to an address again: it was mended, or its reader asks for it.</summary>
    internal static async Task<NoContent> Lift([AsParameters] AddressQuery query, HttpContext http, MailStops stops, Database database, CancellationToken cancel)
    {
        var key = stops.KeyOf(query.Address);
        await database.WriteAsync((db, token) => db.MailStops.DeleteAsync(s => s.AddressKey == key, token), cancel);
        await database.AuditAsync(http, "mail.resume", key, null, cancel);
        return TypedResults.NoContent();
    }
}
