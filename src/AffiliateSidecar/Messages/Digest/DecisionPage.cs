using AffiliateSidecar.Http;
using AffiliateSidecar.Messages.Threads;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>The link of a decision in the digest. Mail scanners open it: showing changes nothing, only a button acts, and for a day another takes it back.</summary>
static class DecisionPage
{
    const string Undo = "undo";

    public static IEndpointRouteBuilder MapDecisionPage(this IEndpointRouteBuilder root)
    {
        var page = root.MapGroup("/decision").WithTags("Digest");
        page.MapGet("/{token}", Show).LimitPerAddress(Budget.Public).Produces<string>(200, "text/html");
        page.MapPost("/{token}", Act).LimitPerAddress(Budget.Public).LimitForm().Accepts<DecisionFields>(PlainForm.Type, PlainForm.Multipart).Produces(StatusCodes.Status303SeeOther);
        return root;
    }

    /// <summary>A decision with its facts; changes nothing.</summary>
    /// <param name="token">Signed, from the digest.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Show(string token, HttpContext http, DecisionLink links, LinkPage pages, WeeklyDigest digest, DecisionDesk desk, ThreadSettings settings, Database database,
        CancellationToken cancel)
    {
        if (links.Read(token) is not var (kind, subject) || digest.Source(kind) is not { } source)
            return Unknown();
        await using var db = database.Open();
        var context = await digest.ContextAsync(db, cancel);
        var answered = await desk.AnsweredAsync(db, kind, subject, cancel);
        var decision = answered is null ? (await source.FindAsync(db, context, cancel)).FirstOrDefault(d => d.Subject == subject) : null;
        return pages.Of(http, "mail/decision.html", settings.OwnerLocale, new ScriptObject
        {
            ["state"] = answered is not null ? "answered" : decision is not null ? "open" : "gone", ["heading"] = answered?.Title ?? decision?.Title ?? "", ["why"] = decision?.Why ?? "",
            ["stake"] = decision is null ? "" : context.Say(decision.MoneyMinor), ["basis"] = decision?.MoneyBasis ?? "", ["page"] = decision?.Page?.AbsoluteUri ?? "",
            ["answers"] = new ScriptArray((decision?.Answers ?? []).Append(WeeklyDigest.Later).Select(a => new ScriptObject { ["id"] = a, ["text"] = context.Answer(a) })),
            ["answer"] = answered is null ? "" : context.Answer(answered.Answer), ["can_undo"] = answered is not null && desk.CanUndo(answered),
        });
    }

    /// <summary>Answer a decision, or take the answer back within 24 hours.</summary>
    /// <param name="token">Signed, from the digest.</param>
    /// <response code="303">Leads back to the page, which says what holds now.</response>
    /// <response code="409">It has gone too far to be taken back.</response>
    internal static async Task<Results<StatusCodeHttpResult, ProblemHttpResult>> Act(string token, HttpContext http, DecisionLink links, WeeklyDigest digest, DecisionDesk desk, Database database, CancellationToken cancel)
    {
        if (links.Read(token) is not var (kind, subject) || digest.Source(kind) is not { } source)
            return Unknown();
        var wish = (await http.Request.FormAsync(cancel))["wish"].ToString();
        await using var db = database.Open();
        var answered = await desk.AnsweredAsync(db, kind, subject, cancel);
        if (wish == Undo && answered is not null && !await desk.UndoAsync(answered, cancel))
            return Problems.Conflict("It has gone too far to be taken back here.");
        // A button that is pressed twice acts once.
        if (wish != Undo && answered is null && (await source.FindAsync(db, await digest.ContextAsync(db, cancel), cancel)).FirstOrDefault(d => d.Subject == subject) is { } decision
            && decision.Answers.Append(WeeklyDigest.Later).Contains(wish))
            await desk.AnswerAsync(decision, wish, cancel);
        http.Response.Headers.Location = $"{http.Request.PathBase}{http.Request.Path}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    static ProblemHttpResult Unknown() => Problems.NotFound("This link is not one of ours. Open it from the mail again, whole.");
}

/// <summary>What the page posts.</summary>
public sealed record DecisionFields
{
    /// <summary>One of the answers, <c>later</c>, or <c>undo</c>.</summary>
    /// <example>later</example>
    public required string Wish { get; init; }
}
