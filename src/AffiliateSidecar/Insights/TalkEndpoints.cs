using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Insights;

static class TalkEndpoints
{
    public static void MapTalks(this IEndpointRouteBuilder api)
    {
        var talks = api.MapGroup("/talk-list").WithTags("Talk list");
        talks.MapGet("/", List).RequireScope(Scope.ReportsRead);
        talks.MapPost("/{id}", Change).RequireScope(Scope.MessagesWrite);
        api.MapPost("/minutes", Spend).WithTags("Talk list").RequireScope(Scope.MessagesWrite).Idempotent();
    }

    /// <summary>Whom to talk to this week: at most three partners, why, and a draft of what to say.</summary>
    internal static async Task<Ok<TalkListView>> List(TalkList talks, CancellationToken cancel) => TypedResults.Ok(new TalkListView(await talks.ThisWeekAsync(cancel), null));

    /// <summary>Say what became of a talk: done, snoozed for some days, or a note.</summary>
    /// <remarks>A partner who was talked to is not listed again for 30 days.</remarks>
    /// <param name="id">The partner.</param>
    internal static async Task<Results<NoContent, ProblemHttpResult>> Change(string id, TalkChange request, HttpContext http, Database database, TimeProvider clock, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (PublicId.NumberOf(PublicId.Partner, id) is not { } partner || !await db.Partners.AnyAsync(p => p.Id == partner, cancel))
            return Problems.NotFound($"There is no partner '{id}'.");
        if (request is { What: TalkList.Snoozed, Days: null })
            return Problems.Unprocessable("days", "For how many days?");
        if (request is { What: TalkList.Note, Note: null })
            return Problems.Unprocessable("note", "A note has words.");
        var now = clock.GetUtcNow();
        var row = new TalkRow { PartnerId = partner, At = now, What = request.What, Until = request.What == TalkList.Snoozed ? now.AddDays(request.Days!.Value) : null, Note = request.Note, Actor = http.Actor() };
        await database.WriteAsync((writer, token) => writer.InsertAsync(row, token: token), cancel);
        await database.AuditAsync(http, $"talk.{request.What}", id, null, cancel);
        return TypedResults.NoContent();
    }

    /// <summary>Time spent on the program that cannot be measured: a telephone call, a fair.</summary>
    internal static async Task<NoContent> Spend(SpentMinutes request, HttpContext http, Database database, TimeProvider clock, CancellationToken cancel)
    {
        var row = new MinutesRow { At = request.At ?? clock.GetUtcNow(), Minutes = request.Minutes, Note = request.Note, Actor = http.Actor() };
        await database.WriteAsync((db, token) => db.InsertAsync(row, token: token), cancel);
        return TypedResults.NoContent();
    }
}

/// <summary>The talks of this week.</summary>
public sealed record TalkListView(IReadOnlyList<Talk> Data, string? NextCursor);

/// <summary>What became of a talk.</summary>
public sealed record TalkChange
{
    /// <summary><c>done</c>, <c>snoozed</c> or <c>note</c>.</summary>
    [OneOf(TalkList.Done, TalkList.Snoozed, TalkList.Note)]
    public required string What { get; init; }

    /// <summary>How long it is snoozed.</summary>
    [Range(1, 365)]
    public int? Days { get; init; }

    [MaxLength(2000)]
    public string? Note { get; init; }
}

/// <summary>Time that somebody spent.</summary>
public sealed record SpentMinutes
{
    [Range(1, 1440)]
    public required int Minutes { get; init; }

    /// <summary>Left out: now.</summary>
    public DateTimeOffset? At { get; init; }

    [MaxLength(500)]
    public string? Note { get; init; }
}
