using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Messages.Threads;

static class ThreadEndpoints
{
    public static IServiceCollection AddThreads(this IServiceCollection services)
    {
        services.AddSingleton<ThreadSettings>();
        services.AddSingleton<ReplyAddress>();
        services.AddSingleton<ThreadLink>();
        services.AddSingleton<ThreadBook>();
        services.AddSingleton<InboundMail>();
        services.AddSingleton<Mailbox>();
        services.AddHostedService<MailboxWatch>();
        return services;
    }

    public static void MapThreads(this IEndpointRouteBuilder api)
    {
        var threads = api.MapGroup("/threads").WithTags("Threads");
        threads.MapGet("/", List).RequireScope(Scope.PartnersRead);
        threads.MapPost("/", Start).RequireScope(Scope.MessagesWrite).Idempotent();
        threads.MapGet("/{id}", Get).RequireScope(Scope.PartnersRead);
        threads.MapPost("/{id}/messages", Answer).RequireScope(Scope.MessagesWrite).Idempotent();
        threads.MapPost("/{id}/close", Close).RequireScope(Scope.MessagesWrite);
        threads.MapGet("/{id}/files/{file}", File).RequireScope(Scope.PartnersRead).Produces<byte[]>(200, "application/octet-stream");
        api.MapInboundMail();
    }

    /// <summary>Talks with partners, the newest first; those that wait for an answer, the one that waits longest first.</summary>
    internal static async Task<Ok<Page<ThreadView>>> List([AsParameters] ThreadFilter filter, [AsParameters] PageQuery page, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var query = from t in db.Threads join p in db.Partners on t.PartnerId equals p.Id select new ThreadOf { Thread = t, Code = p.Code };
        if (filter.Partner is not null)
        {
            var partner = PublicId.NumberOf(PublicId.Partner, filter.Partner) ?? 0;
            query = query.Where(t => t.Thread.PartnerId == partner);
        }
        // One number sorts both lists: of those that wait, the time; of all, the thread's own.
        var after = page.AfterNumber;
        if (filter.Waiting == true)
        {
            DateTimeOffset? since = after is { } micros ? UnixTime.FromMicros(Math.Clamp(micros, 0, UnixTime.ToMicros(DateTimeOffset.MaxValue))) : null;
            var waiting = await query.Where(t => t.Thread.WaitingSince != null && (since == null || t.Thread.WaitingSince > since)).OrderBy(t => t.Thread.WaitingSince).ThenBy(t => t.Thread.Id).Take(page.Take + 1).ToListAsync(cancel);
            return TypedResults.Ok(page.Of(waiting, t => $"{UnixTime.ToMicros(t.Thread.WaitingSince!.Value)}", t => ThreadView.Of(t.Thread, t.Code)));
        }
        var rows = await query.Where(t => after == null || t.Thread.Id < after).OrderByDescending(t => t.Thread.Id).Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, t => $"{t.Thread.Id}", t => ThreadView.Of(t.Thread, t.Code)));
    }

    /// <summary>Write to a partner: begins a talk.</summary>
    /// <remarks>Goes by mail. The partner answers that mail, where <c>Sidecar:Threads:Address</c> is set, or on the page that the mail links to.</remarks>
    /// <response code="422">There is no such partner, or no address to write to.</response>
    internal static async Task<Results<Created<ThreadDetail>, ProblemHttpResult>> Start(NewThread request, HttpContext http, ThreadBook book, Database database, CancellationToken cancel)
    {
        PartnerRow? partner;
        await using (var db = database.Open())
        {
            var number = PublicId.NumberOf(PublicId.Partner, request.Partner) ?? 0;
            partner = await db.Partners.FirstOrDefaultAsync(p => p.Id == number, cancel);
        }
        if (partner is null)
            return Problems.Unprocessable("partner", "There is no such partner.");
        if (partner.Email is null)
            return Problems.Unprocessable("partner", "This partner has no e-mail address.");
        var (thread, message) = await book.StartAsync(partner, request.Subject, new Said("api", http.Actor(), request.Text.Trim()), cancel);
        await database.AuditAsync(http, "message.send", request.Partner, PublicId.Of(PublicId.Message, message.Id), cancel);
        await using var reader = database.Open();
        var view = (await DetailAsync(reader, thread.Id, cancel))!;
        return TypedResults.Created($"/v1/threads/{view.Thread.Id}", view);
    }

    /// <summary>A talk with all that was said.</summary>
    internal static async Task<Results<Ok<ThreadDetail>, ProblemHttpResult>> Get(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await DetailAsync(db, Number(id), cancel) is { } view ? TypedResults.Ok(view) : NotFound(id);
    }

    /// <summary>Answer a partner, by mail.</summary>
    internal static async Task<Results<Created<MessageView>, ProblemHttpResult>> Answer(string id, NewMessage request, HttpContext http, ThreadBook book, Database database, CancellationToken cancel)
    {
        if (await book.AddAsync(Number(id), Side.Owner, new Said("api", http.Actor(), request.Text.Trim()), cancel) is not { } message)
            return NotFound(id);
        await using var db = database.Open();
        var partner = await db.Threads.Where(t => t.Id == message.ThreadId).Select(t => t.PartnerId).FirstAsync(cancel);
        await database.AuditAsync(http, "message.send", PublicId.Of(PublicId.Partner, partner), PublicId.Of(PublicId.Message, message.Id), cancel);
        return TypedResults.Created($"/v1/threads/{id}", MessageView.Of(message, []));
    }

    /// <summary>Say that a talk needs no answer.</summary>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Close(string id, HttpContext http, ThreadBook book, Database database, CancellationToken cancel)
    {
        if (await book.CloseAsync(Number(id), cancel) == 0)
            return NotFound(id);
        await database.AuditAsync(http, "message.close", id, null, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>A file that was attached to an answer.</summary>
    /// <remarks>Always as a download, whatever it says it is.</remarks>
    /// <param name="id">The thread.</param>
    /// <param name="file">The file.</param>
    /// <param name="http">Its answer.</param>
    /// <param name="database">Where it lies.</param>
    /// <param name="cancel">Ends the wait.</param>
    internal static async Task<Results<FileContentHttpResult, ProblemHttpResult>> File(string id, string file, HttpContext http, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var (thread, number) = (Number(id), PublicId.NumberOf(PublicId.File, file) ?? 0);
        if (await db.MessageFiles.FirstOrDefaultAsync(f => f.Id == number && db.Messages.Any(m => m.Id == f.MessageId && m.ThreadId == thread), cancel) is not { } row)
            return Problems.NotFound($"There is no file '{file}' in this thread.");
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(row.Content, "application/octet-stream", row.Name);
    }

    internal static async Task<ThreadDetail?> DetailAsync(SidecarDb db, int thread, CancellationToken cancel)
    {
        var row = await (from t in db.Threads join p in db.Partners on t.PartnerId equals p.Id where t.Id == thread select new ThreadOf { Thread = t, Code = p.Code }).FirstOrDefaultAsync(cancel);
        if (row is null)
            return null;
        var messages = await db.Messages.Where(m => m.ThreadId == thread).OrderByDescending(m => m.Id).Take(200).ToListAsync(cancel);
        int[] ids = [.. messages.Select(m => m.Id)];
        var files = (await db.MessageFiles.Where(f => ids.Contains(f.MessageId)).OrderBy(f => f.Id).Select(f => new { f.MessageId, f.Id, f.Name, f.Type, f.Size }).ToListAsync(cancel))
            .ToLookup(f => f.MessageId, f => new FileView(PublicId.Of(PublicId.File, f.Id), f.Name, f.Type, f.Size));
        return new(ThreadView.Of(row.Thread, row.Code), [.. messages.OrderBy(m => m.Id).Select(m => MessageView.Of(m, [.. files[m.Id]]))]);
    }

    static int Number(string id) => PublicId.NumberOf(PublicId.Thread, id) ?? 0;

    static ProblemHttpResult NotFound(string id) => Problems.NotFound($"There is no thread '{id}'.");

    sealed class ThreadOf
    {
        public required ThreadRow Thread { get; init; }
        public required string Code { get; init; }
    }
}
