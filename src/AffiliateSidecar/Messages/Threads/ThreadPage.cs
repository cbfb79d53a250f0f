using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages.Threads;

/// <summary>The page of a talk: to read it, and to answer without a mail program.</summary>
static class ThreadPage
{
    public static IEndpointRouteBuilder MapThreadPage(this IEndpointRouteBuilder root)
    {
        var page = root.MapGroup("/thread").WithTags("Threads");
        page.MapGet("/{token}", Show).LimitPerAddress(Budget.Public).Produces<string>(200, "text/html");
        page.MapPost("/{token}", Say).LimitPerAddress(Budget.Form).LimitForm().Accepts<ThreadFields>(PlainForm.Type, PlainForm.Multipart).Produces(StatusCodes.Status303SeeOther);
        return root;
    }

    /// <summary>A talk, as one of its two sides sees it.</summary>
    /// <param name="token">Signed, from a mail.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Show(string token, HttpContext http, ThreadLink links, LinkPage pages, ThreadSettings settings, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        if (links.Read(token) is not { } link || await ThreadEndpoints.DetailAsync(db, link.Thread, cancel) is not { } detail)
            return Unknown();
        var partner = await (from t in db.Threads join p in db.Partners on t.PartnerId equals p.Id where t.Id == link.Thread select p).FirstAsync(cancel);
        var messages = detail.Messages.Select(m => new ScriptObject
        {
            ["own"] = m.Origin == link.Side, ["by_partner"] = m.Origin == Side.Partner, ["at"] = $"{m.At:O}", ["text"] = m.Text, ["files"] = new ScriptArray(m.Files.Select(f => f.Name)), ["left_out"] = m.LeftOut ?? "",
            ["sender"] = link.Side == Side.Owner ? m.Sender ?? "" : "",
        });
        return pages.Of(http, "mail/thread.html", link.Side == Side.Owner ? settings.OwnerLocale : partner.Locale, new ScriptObject
        {
            ["heading"] = detail.Thread.Subject, ["name"] = partner.Name, ["messages"] = new ScriptArray(messages), ["waits"] = link.Side == Side.Owner && detail.Thread.WaitingSince is not null,
        });
    }

    /// <summary>Say something in a talk, from its page.</summary>
    /// <param name="token">Signed, from a mail.</param>
    /// <response code="303">Leads back to the page.</response>
    internal static async Task<Results<StatusCodeHttpResult, ProblemHttpResult>> Say(string token, HttpContext http, ThreadLink links, ThreadBook book, Database database, CancellationToken cancel)
    {
        if (links.Read(token) is not { } link)
            return Unknown();
        var form = await http.Request.FormAsync(cancel);
        var text = form["text"].ToString().ReplaceLineEndings("\n").Trim();
        if (link.Side == Side.Owner && form["wish"] == "close")
            await book.CloseAsync(link.Thread, cancel);
        else if (text.Length > 0 && await book.AddAsync(link.Thread, link.Side, new Said("page", link.Side, text), cancel) is null)
            return Unknown();
        http.Response.Headers.Location = $"{http.Request.PathBase}{http.Request.Path}";
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }

    static ProblemHttpResult Unknown() => Problems.NotFound("This link is not one of ours. Open it from the mail again, whole.");
}

/// <summary>What the page posts.</summary>
public sealed record ThreadFields
{
    /// <summary>Empty: nothing is said.</summary>
    /// <example>Yes, please!</example>
    public string? Text { get; init; }

    /// <summary><c>close</c>: it needs no answer; for the owner's side.</summary>
    public string? Wish { get; init; }
}
