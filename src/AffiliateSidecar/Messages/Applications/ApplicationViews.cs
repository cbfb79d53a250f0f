using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Messages.Applications;

/// <summary>Which applications.</summary>
public sealed class ApplicationFilter
{
    internal const string Waiting = "waiting", Unconfirmed = "unconfirmed", Automatic = "automatic";

    /// <summary><c>waiting</c> for your answer (the default), <c>unconfirmed</c>: for the applicant's, or <c>automatic</c>: approved by the rule, looked at by nobody yet.</summary>
    [OneOf(Waiting, Unconfirmed, Automatic)]
    public string? State { get; init; }
}

/// <summary>An application.</summary>
public sealed record ApplicationView
{
    /// <summary>The partner who came of it.</summary>
    public required string Partner { get; init; }

    /// <example>sara</example>
    public required string Code { get; init; }

    /// <example>Sara Jones</example>
    public required string Name { get; init; }
    public string? Email { get; init; }

    /// <example>https://sara.example/blog</example>
    public string? Website { get; init; }

    /// <summary><c>unknown</c>, <c>reachable</c> or <c>unreachable</c>: whether the site answered when we looked.</summary>
    /// <example>reachable</example>
    public required string Site { get; init; }

    /// <summary>What it said.</summary>
    /// <example>status 200</example>
    public string? SiteDetail { get; init; }

    /// <example>en</example>
    public required string Locale { get; init; }

    /// <summary>The door to the form: <c>footer</c>, <c>banner</c>, …</summary>
    /// <example>footer</example>
    public string? Source { get; init; }

    /// <summary>The version of the terms that the applicant has agreed to, see <c>GET /v1/terms</c>.</summary>
    /// <example>3</example>
    public int? TermsVersion { get; init; }
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When the address was confirmed; null: not, or nobody was asked.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>What speaks against it; where this is empty nothing does.</summary>
    public required IReadOnlyList<RiskFact> Risks { get; init; }

    /// <summary>Approved by the rule: what was earned so far, and beyond how much nothing is paid before you approve by hand.</summary>
    public Money? Earned { get; init; }
    public Money? Cap { get; init; }

    internal static ApplicationView Of(PartnerRow partner, ApplicationRow? application, IReadOnlyList<RiskFact> risks, long earned)
    {
        var currency = application is { ApprovedBy: ApplicationNews.ByRule } ? application.CapCurrency : null;
        return new()
        {
            Partner = PublicId.Of(PublicId.Partner, partner.Id), Code = partner.Code, Name = partner.Name, Email = partner.Email, Website = partner.Website, Locale = partner.Locale, Source = partner.SignupSource, TermsVersion = partner.TermsVersion,
            Site = application?.Site ?? SiteState.Unknown, SiteDetail = application?.SiteDetail, SubmittedAt = application?.SubmittedAt ?? partner.CreatedAt, ConfirmedAt = application?.ConfirmedAt, Risks = risks,
            Earned = currency is null ? null : new Money(earned, currency), Cap = currency is null ? null : new Money(application!.CapMinor ?? 0, currency),
        };
    }
}
