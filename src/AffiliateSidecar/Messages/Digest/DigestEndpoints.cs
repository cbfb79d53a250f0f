using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Messages.Digest;

static class DigestEndpoints
{
    public static IServiceCollection AddDigest(this IServiceCollection services)
    {
        services.AddSingleton<WeeklyDigest>();
        services.AddSingleton<DecisionDesk>();
        services.AddSingleton<DecisionLink>();
        services.AddSingleton<IDecisionSource, ApplicationDecisions>();
        services.AddSingleton<IDecisionSource, FraudDecisions>();
        services.AddSingleton<IDecisionSource, PayoutDecisions>();
        services.AddSingleton<IDecisionSource, ThreadDecisions>();
        services.AddSingleton<IDecisionSource, TalkDecisions>();
        services.AddSingleton<IDecisionSource, DriftDecisions>();
        services.AddHostedService<DigestMail>();
        return services;
    }

    public static void MapDigest(this IEndpointRouteBuilder api) => api.MapGet("/digest", Get).WithTags("Digest").RequireScope(Scope.Admin);

    /// <summary>What the owner is to decide this week: at most three things, each with a recommended answer, then five numbers.</summary>
    /// <remarks>
    /// Ordered by money at stake × urgency ÷ minutes. Each link leads to a page that shows the facts; only its buttons act, and for 24 hours another takes it back. Whoever has such a link may decide, so
    /// this needs a key that may do everything. Its words are in the language of <c>Sidecar:Threads:OwnerLocale</c>. On Mondays the same goes by mail to <c>Sidecar:Threads:Owner</c>.
    /// </remarks>
    internal static async Task<Ok<DigestView>> Get(WeeklyDigest digest, DecisionLink links, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        return TypedResults.Ok(await DigestView.LoadAsync(db, digest, links, cancel));
    }
}

/// <summary>The digest.</summary>
public sealed record DigestView
{
    public required DateTimeOffset AsOf { get; init; }
    public required IReadOnlyList<DecisionView> Decisions { get; init; }
    public required IReadOnlyList<DigestNumber> Numbers { get; init; }

    internal static async Task<DigestView> LoadAsync(SidecarDb db, WeeklyDigest digest, DecisionLink links, CancellationToken cancel)
    {
        var context = await digest.ContextAsync(db, cancel);
        return new()
        {
            AsOf = context.Now, Decisions = [.. (await digest.ChooseAsync(db, context, cancel)).Select(d => DecisionView.Of(d, context, links))], Numbers = await DigestNumber.LoadAsync(db, context, cancel),
        };
    }
}

/// <summary>Something to decide.</summary>
public sealed record DecisionView
{
    /// <summary><c>application</c>, <c>fraud</c>, <c>payout</c>, <c>thread</c>, <c>talk</c>, <c>drift</c> or <c>presence</c>.</summary>
    /// <example>application</example>
    public required string Kind { get; init; }

    /// <example>prt_0000000a</example>
    public required string Subject { get; init; }

    /// <example>Take Sara Jones into the program?</example>
    public required string Title { get; init; }

    /// <example>Nothing speaks against it.</example>
    public required string Why { get; init; }
    public required Money Money { get; init; }

    /// <summary>How that is known.</summary>
    /// <example>what an average partner sells in a month</example>
    public required string MoneyBasis { get; init; }

    /// <summary>1: it can wait; 3: each day costs something.</summary>
    public required double Urgency { get; init; }

    /// <summary>What it takes.</summary>
    public required double Minutes { get; init; }

    /// <summary>The recommended answer first.</summary>
    public required IReadOnlyList<AnswerView> Answers { get; init; }

    /// <summary>Where it is worked on, such as the page of a talk; null: the link has all.</summary>
    public Uri? Page { get; init; }

    /// <summary>Shows the facts, and has the buttons.</summary>
    public required Uri Link { get; init; }

    internal static DecisionView Of(OpenDecision decision, DigestContext context, DecisionLink links) => new()
    {
        Kind = decision.Kind, Subject = decision.Subject, Title = decision.Title, Why = decision.Why, Money = new(decision.MoneyMinor, context.Currency), MoneyBasis = decision.MoneyBasis, Urgency = decision.Urgency,
        Minutes = decision.Minutes, Answers = [.. decision.Answers.Append(WeeklyDigest.Later).Select(a => new AnswerView(a, context.Answer(a)))], Link = links.Of(decision.Kind, decision.Subject), Page = decision.Page,
    };
}

/// <summary>A button.</summary>
/// <param name="Id">What it posts as <c>wish</c>.</param>
/// <param name="Text">What it says.</param>
/// <example>{"id":"approve","text":"Approve"}</example>
public sealed record AnswerView(string Id, string Text);
