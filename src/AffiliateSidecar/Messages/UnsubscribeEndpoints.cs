using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;
using Scriban.Runtime;

namespace AffiliateSidecar.Messages;

/// <summary>The links in mails. Mail scanners open them all: showing changes nothing, only a post acts.</summary>
static class UnsubscribeEndpoints
{
    /// <summary>What mail programs post (RFC 8058).</summary>
    public const string OneClick = "List-Unsubscribe=One-Click";

    const string All = "all", Resume = "resume";

    public static IEndpointRouteBuilder MapUnsubscribe(this IEndpointRouteBuilder root)
    {
        var links = root.MapGroup("/unsubscribe").WithTags("Mail");
        links.MapGet("/{token}", Show).LimitPerAddress(Budget.Public).Produces<string>(200, "text/html");
        links.MapPost("/{token}", Act).LimitPerAddress(Budget.Public).LimitForm().Accepts<UnsubscribeFields>(isOptional: true, PlainForm.Type, PlainForm.Multipart).Produces<string>(200, "text/html");
        return root;
    }

    /// <summary>The page behind a mail's unsubscribe link; changes nothing.</summary>
    /// <param name="token">Signed, from a mail.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Show(string token, HttpContext http, UnsubscribeLink links, UnsubscribePage page, Database database, CancellationToken cancel)
    {
        if (links.Read(token) is not { } who)
            return Unknown();
        await using var db = database.Open();
        return page.Of(http, who, await StoppedAsync(db, who, cancel), acted: false);
    }

    /// <summary>Unsubscribe, from the page or by a mail program's own button (RFC 8058).</summary>
    /// <remarks>Mails about the reader's own account go on: an approval, a payout, an answer.</remarks>
    /// <param name="token">Signed, from a mail.</param>
    internal static async Task<Results<ContentHttpResult, ProblemHttpResult>> Act(string token, HttpContext http, UnsubscribeLink links, UnsubscribePage page, MailStops stops, Database database, CancellationToken cancel)
    {
        if (links.Read(token) is not { } who)
            return Unknown();
        // Whatever else is posted, the mail program's button among it, means: no more of this.
        var wish = (await http.Request.FormAsync(cancel))["wish"].ToString();
        var topics = await database.WriteAsync(async (db, token) =>
        {
            if (wish == Resume)
                foreach (var topic in new[] { who.Topic, MailStops.EveryTopic })
                    await MailStops.RemoveAsync(db, who.AddressKey, topic, token);
            else
                await stops.AddAsync(db, who.AddressKey, wish == All ? MailStops.EveryTopic : who.Topic, MailStops.Unsubscribed, null, token);
            return await StoppedAsync(db, who, token);
        }, cancel);
        return page.Of(http, who, topics, acted: true);
    }

    static Task<List<string>> StoppedAsync(SidecarDb db, Unsubscribing who, CancellationToken cancel) =>
        db.MailStops.Where(s => s.AddressKey == who.AddressKey && (s.Topic == who.Topic || s.Topic == MailStops.EveryTopic)).Select(s => s.Topic).ToListAsync(cancel);

    static ProblemHttpResult Unknown() => Problems.NotFound("This unsubscribe link is not one of ours. Open it from the mail again, whole.");
}

/// <summary>What the page posts, or a mail program.</summary>
public sealed record UnsubscribeFields
{
    /// <summary><c>all</c>: no mail of any topic; <c>resume</c>: take it back; anything else: no more of this topic.</summary>
    /// <example>all</example>
    public string? Wish { get; init; }
}

/// <summary>The page in the reader's language, from <c>templates/mail/unsubscribe.html</c>.</summary>
sealed class UnsubscribePage(LinkPage pages)
{
    public ContentHttpResult Of(HttpContext http, Unsubscribing who, IReadOnlyList<string> stopped, bool acted) => pages.Of(http, "mail/unsubscribe.html", who.Locale,
        new ScriptObject { ["stopped"] = stopped.Count > 0, ["stopped_all"] = stopped.Contains(MailStops.EveryTopic), ["acted"] = acted },
        language => new Dictionary<string, string> { ["topic"] = language.Texts.GetValueOrDefault($"mail.topics.{who.Topic}", who.Topic) });
}
