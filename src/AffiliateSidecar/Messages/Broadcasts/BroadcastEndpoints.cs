using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Kits;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Messages.Broadcasts;

static class BroadcastEndpoints
{
    /// <summary>Of mails that were queued when their broadcast was cancelled.</summary>
    public const string TakenBack = "The broadcast was cancelled.";

    public static void MapBroadcasts(this IEndpointRouteBuilder api)
    {
        var broadcasts = api.MapGroup("/broadcasts").WithTags("Broadcasts");
        broadcasts.MapGet("/", List).RequireScope(Scope.PartnersRead);
        broadcasts.MapPost("/", Create).RequireScope(Scope.MessagesWrite).Idempotent();
        broadcasts.MapGet("/{id}", Get).RequireScope(Scope.PartnersRead);
        broadcasts.MapPut("/{id}", Change).RequireScope(Scope.MessagesWrite);
        broadcasts.MapPost("/{id}/preview", Preview).RequireScope(Scope.PartnersRead);
        broadcasts.MapPost("/{id}/test", Test).RequireScope(Scope.MessagesWrite);
        broadcasts.MapPost("/{id}/send", Send).RequireScope(Scope.MessagesWrite);
        broadcasts.MapPost("/{id}/schedule", Schedule).RequireScope(Scope.MessagesWrite);
        broadcasts.MapPost("/{id}/cancel", Cancel).RequireScope(Scope.MessagesWrite);
        broadcasts.MapPut("/{id}/webinar", Move).RequireScope(Scope.MessagesWrite);
        broadcasts.MapDelete("/{id}/webinar", CallOff).RequireScope(Scope.MessagesWrite);
    }

    /// <summary>Broadcasts, the newest first.</summary>
    internal static async Task<Ok<Page<BroadcastView>>> List([AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = db.Broadcasts.AsQueryable();
        if (page.AfterNumber is { } after)
            query = query.Where(b => b.Id < after);
        var rows = await query.OrderByDescending(b => b.Id).Take(page.Take + 1).ToListAsync(cancel);
        var counts = await BroadcastTally.OfAsync(db, rows, cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), r => BroadcastView.Of(r, counts[r.Id])));
    }

    /// <summary>Write a broadcast: one message to many partners.</summary>
    /// <remarks>
    /// Subject and text are Scriban templates with `partner` (`name`, `code`, `group`, `since`, `coupon`, `coupons`, `link`, `recruiting_link`), `kit` (`banner`, `text`, `links`), `webinar` where it
    /// invites to one (`date`, `time`, `zone`, `minutes`, `url`), `shop`, `unsubscribe`, and `date`, `number`, `money` and `t`. They are checked now. It is a draft, and nothing is sent.
    /// </remarks>
    /// <response code="422">It cannot be sent as it is written: with line and column.</response>
    internal static async Task<Results<Created<BroadcastView>, ProblemHttpResult>> Create(NewBroadcast request, HttpContext http, BroadcastTexts texts, Database database, TimeProvider clock, CancellationToken cancel)
    {
        if (texts.Mistakes(request) is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var row = Row(request, new BroadcastRow { Topic = "", Contents = "", Audience = "", Status = BroadcastStatus.Draft, CreatedAt = now, UpdatedAt = now, Actor = http.Actor() });
        var id = await database.WriteAsync((db, token) => db.InsertWithInt32IdentityAsync(row, token: token), cancel);
        await using var db = database.Open();
        var view = await ViewAsync(db, row with { Id = id }, cancel);
        await database.AuditAsync(http, "broadcast.create", view.Id, null, cancel);
        return TypedResults.Created($"/v1/broadcasts/{view.Id}", view);
    }

    /// <summary>A broadcast, and what has become of its mails.</summary>
    internal static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await FindAsync(db, id, cancel) is { } row ? TypedResults.Ok(await ViewAsync(db, row, cancel)) : NotFound(id);
    }

    /// <summary>Write a draft anew.</summary>
    /// <response code="409">It is no draft any more.</response>
    /// <response code="422">It cannot be sent as it is written: with line and column.</response>
    internal static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Change(string id, NewBroadcast request, HttpContext http, BroadcastTexts texts, Database database, TimeProvider clock, CancellationToken cancel)
    {
        if (texts.Mistakes(request) is { Count: > 0 } mistakes)
            return Problems.Unprocessable(mistakes);
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return await TurnAsync(http, database, id, "change", (db, row, token) => row.Status == BroadcastStatus.Draft ? db.UpdateAsync(Row(request, row) with { UpdatedAt = now }, token: token) : Task.FromResult(0), cancel);
    }

    /// <summary>What a partner will read.</summary>
    /// <response code="422">There is no such partner, or nobody in the selection.</response>
    internal static async Task<Results<Ok<BroadcastPreview>, ProblemHttpResult>> Preview(string id, BroadcastPreviewOf request, BroadcastMail mails, UnsubscribeLink links, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await FindAsync(db, id, cancel) is not { } row)
            return NotFound(id);
        if (await ReaderAsync(db, row, request.Partner, cancel) is not { } partner)
            return Nobody(request.Partner);
        var facts = await PartnerFacts.OfAsync(db, [partner], cancel);
        // A link that nobody could use: whoever looks at this must not unsubscribe the partner.
        var unsubscribe = links.Of(new(row.Topic, partner.Locale.Split('-')[0], "preview"));
        var (text, invitation) = mails.Of(row, BroadcastMail.Template, partner.Locale, partner.Name, partner.Email ?? "nobody@example.com", facts[partner.Id], unsubscribe);
        return TypedResults.Ok(new BroadcastPreview(PublicId.Of(PublicId.Partner, partner.Id), text.Subject, text.Html, text.Text, invitation?.ToString()));
    }

    /// <summary>Send it to an address of your own, as a partner would get it.</summary>
    /// <response code="422">There is no such partner, or nobody in the selection.</response>
    internal static async Task<Results<Accepted, ProblemHttpResult>> Test(string id, BroadcastTest request, Outbox outbox, HttpContext http, Database database, TimeProvider clock, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (await FindAsync(db, id, cancel) is not { } row)
            return NotFound(id);
        if (await ReaderAsync(db, row, request.Partner, cancel) is not { } partner)
            return Nobody(request.Partner);
        var facts = await PartnerFacts.OfAsync(db, [partner], cancel);
        var letter = Letter.To(partner, BroadcastMail.Template, $"broadcast-test:{PublicId.New(PublicId.Broadcast, clock.GetUtcNow())}", new BroadcastModel(row.Id, facts[partner.Id]), row.Topic) with { Address = request.Address, PartnerId = null };
        await database.WriteAsync((writer, token) => outbox.QueueAsync(writer, letter, token), cancel);
        await database.AuditAsync(http, "broadcast.test", id, null, cancel);
        return TypedResults.Accepted($"/v1/broadcasts/{id}");
    }

    /// <summary>Send it now.</summary>
    /// <remarks>Every mail is in the queue when this answers. An address gets one mail of a broadcast, however often this is called.</remarks>
    /// <response code="409">It was sent or cancelled before.</response>
    /// <response code="422">Nobody is in the selection.</response>
    internal static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Send(string id, HttpContext http, BroadcastRun run, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var answer = await PlanAsync(http, database, id, "send", clock.GetUtcNow(), cancel);
        if (answer.Result is not Ok<BroadcastView>)
            return answer;
        await run.QueueAsync(PublicId.NumberOf(PublicId.Broadcast, id)!.Value, cancel);
        return await Get(id, database, cancel);
    }

    /// <summary>Send it later.</summary>
    /// <remarks>Who gets it is decided then.</remarks>
    /// <response code="409">It was sent or cancelled before.</response>
    /// <response code="422">Nobody is in the selection.</response>
    internal static Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Schedule(string id, BroadcastTime request, HttpContext http, Database database, CancellationToken cancel) =>
        PlanAsync(http, database, id, "schedule", request.At, cancel);

    /// <summary>Send no more of it: mails that wait are taken back.</summary>
    /// <response code="409">All of it was sent, or it was cancelled before.</response>
    internal static Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Cancel(string id, HttpContext http, Outbox outbox, Database database, CancellationToken cancel) =>
        TurnAsync(http, database, id, "cancel", async (db, row, token) =>
        {
            if (row.Status == BroadcastStatus.Cancelled || (await outbox.TakeBackAsync(db, row.Cause(), TakenBack, token) == 0 && row.QueuedAt is not null))
                return 0;
            return await db.Broadcasts.Where(b => b.Id == row.Id).Set(b => b.Status, BroadcastStatus.Cancelled).UpdateAsync(token);
        }, cancel);

    /// <summary>The webinar moves: whoever has the invitation is told, and his calendar moves it.</summary>
    /// <response code="409">It invites to nothing, or was called off before.</response>
    /// <response code="422">It cannot be at that time or place.</response>
    internal static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> Move(string id, Webinar request, HttpContext http, WebinarChanges changes, Database database, CancellationToken cancel) =>
        Invitation.Mistakes(request).ToDictionary(m => m.Member, m => new[] { m.Sentence }) is { Count: > 0 } mistakes ? Problems.Unprocessable(mistakes)
            : await TurnAsync(http, database, id, "webinar-move", async (db, row, token) => await changes.ApplyAsync(db, row.Id, request, token) is null ? 0 : 1, cancel);

    /// <summary>The webinar is called off: whoever has the invitation is told, and his calendar removes it.</summary>
    /// <response code="409">It invites to nothing, or was called off before.</response>
    internal static Task<Results<Ok<BroadcastView>, ProblemHttpResult>> CallOff(string id, HttpContext http, WebinarChanges changes, Database database, CancellationToken cancel) =>
        TurnAsync(http, database, id, "webinar-off", async (db, row, token) => await changes.ApplyAsync(db, row.Id, null, token) is null ? 0 : 1, cancel);

    static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> PlanAsync(HttpContext http, Database database, string id, string what, DateTimeOffset at, CancellationToken cancel)
    {
        await using (var db = database.Open())
            if (await FindAsync(db, id, cancel) is { } row && !await db.PartnersOf(row.To()).AnyAsync(cancel))
                return Problems.Unprocessable("audience", "Nobody is in this selection.");
        return await TurnAsync(http, database, id, what, (db, row, token) => row.Status is BroadcastStatus.Draft or BroadcastStatus.Scheduled
            ? db.Broadcasts.Where(b => b.Id == row.Id).Set(b => b.Status, BroadcastStatus.Scheduled).Set(b => b.DueAt, UnixTime.Truncate(at)).UpdateAsync(token) : Task.FromResult(0), cancel);
    }

    /// <param name="turn">Changes nothing where it must not be.</param>
    static async Task<Results<Ok<BroadcastView>, ProblemHttpResult>> TurnAsync(HttpContext http, Database database, string id, string what, Func<SidecarDb, BroadcastRow, CancellationToken, Task<int>> turn, CancellationToken cancel)
    {
        var (before, view) = await database.WriteAsync<(BroadcastRow?, BroadcastView?)>(async (db, token) =>
        {
            // Written before it is read: nobody else turns it in the meantime.
            var number = PublicId.NumberOf(PublicId.Broadcast, id) ?? 0;
            await db.Broadcasts.Where(b => b.Id == number).Set(b => b.Id, b => b.Id).UpdateAsync(token);
            return await FindAsync(db, id, token) is not { } row ? (null, null)
                : await turn(db, row, token) == 0 ? (row, null)
                : (row, await ViewAsync(db, (await FindAsync(db, id, token))!, token));
        }, cancel);
        if (before is null)
            return NotFound(id);
        if (view is null)
            return Problems.Conflict($"The broadcast is {(before.QueuedAt is null ? before.Status : "sent")}{(what.StartsWith("webinar", StringComparison.Ordinal) && before.Webinar is null ? " and invites to nothing" : "")}.");
        await database.AuditAsync(http, $"broadcast.{what}", id, null, cancel);
        return TypedResults.Ok(view);
    }

    static BroadcastRow Row(NewBroadcast request, BroadcastRow row) => row with
    {
        Topic = request.Topic ?? (request.Webinar is null ? MailTopic.News : MailTopic.Webinars), Contents = JsonSerializer.Serialize(request.Contents, Json.Options),
        Audience = JsonSerializer.Serialize(request.Audience ?? new(), Json.Options), RatePerMinute = request.RatePerMinute,
        Webinar = request.Webinar is null ? null : JsonSerializer.Serialize(request.Webinar, Json.Options),
    };

    static async Task<PartnerRow?> ReaderAsync(SidecarDb db, BroadcastRow row, string? partner, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Partner, partner) ?? 0;
        return await (partner is null ? db.PartnersOf(row.To()).OrderBy(p => p.Id) : db.Partners.Where(p => p.Id == number)).FirstOrDefaultAsync(cancel);
    }

    static async Task<BroadcastRow?> FindAsync(SidecarDb db, string id, CancellationToken cancel)
    {
        var number = PublicId.NumberOf(PublicId.Broadcast, id) ?? 0;
        return await db.Broadcasts.FirstOrDefaultAsync(b => b.Id == number, cancel);
    }

    static async Task<BroadcastView> ViewAsync(SidecarDb db, BroadcastRow row, CancellationToken cancel) =>
        BroadcastView.Of(row, (await BroadcastTally.OfAsync(db, [row], cancel))[row.Id], await db.PartnersOf(row.To()).CountAsync(cancel));

    static ProblemHttpResult NotFound(string id) => Problems.NotFound($"There is no broadcast '{id}'.");

    static ProblemHttpResult Nobody(string? partner) => Problems.Unprocessable("partner", partner is null ? "Nobody is in this selection: name a partner." : $"There is no partner '{partner}'.");
}
