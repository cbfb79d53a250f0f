using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Partners;

/// <summary>Which partners.</summary>
public sealed class PartnerFilter
{
    /// <summary><c>pending</c>, <c>approved</c>, <c>suspended</c>, <c>rejected</c> or <c>erased</c>.</summary>
    [OneOf("pending", "approved", "suspended", "rejected", "erased")]
    public string? Status { get; init; }

    /// <summary>A segment's name, as <c>GET /v1/segments</c> lists them.</summary>
    [MaxLength(60)]
    public string? Segment { get; init; }

    /// <summary>Part of the name, e-mail, code or an alias.</summary>
    [MaxLength(100)]
    public string? Q { get; init; }
}

/// <summary>A partner to be registered.</summary>
public sealed record NewPartner
{
    /// <summary>In links: letters, digits, <c>_</c> and <c>-</c>, without regard to case. Left out: made from the name.</summary>
    [Pattern("^[A-Za-z0-9_-]{3,40}$", ErrorMessage = "3 to 40 letters, digits, _ or -.")]
    public string? Code { get; init; }

    /// <summary>Other texts that mean this partner in old links; any text.</summary>
    [MaxLength(50), Visible(190)]
    public IReadOnlyList<string>? Aliases { get; init; }

    [MinLength(1), MaxLength(200), Visible(200)]
    public required string Name { get; init; }

    [EmailAddress, MaxLength(254)]
    public required string Email { get; init; }

    /// <summary><c>en</c> or <c>fa</c>.</summary>
    [Pattern("^[a-z]{2}(-[A-Z]{2})?$", ErrorMessage = "A language such as en or fa.")]
    public string? Locale { get; init; }

    [Url, MaxLength(500)]
    public string? Website { get; init; }

    /// <summary>
    /// How to pay: <c>method</c> (<c>sepa</c>, <c>paypal</c>, <c>paya</c>, <c>manual</c>; told from the rest where left out), <c>iban</c> and <c>bic</c>, <c>paypal</c> (an e-mail
    /// address), <c>sheba</c>, <c>account_name</c>, and whatever you need to pay by hand. Stored encrypted and never served.
    /// </summary>
    public IReadOnlyDictionary<string, string>? Payout { get; init; }

    [MaxLength(60)]
    public string? Group { get; init; }

    /// <summary>The partner who recruited this one: an id, or one of his codes.</summary>
    [MaxLength(60)]
    public string? ReferredBy { get; init; }
}

/// <summary>What to change of a partner.</summary>
public sealed record PartnerChange
{
    [Pattern("^[A-Za-z0-9_-]{3,40}$", ErrorMessage = "3 to 40 letters, digits, _ or -.")]
    public string? Code { get; init; }

    /// <summary>All aliases: those left out of the list go.</summary>
    [MaxLength(50), Visible(190)]
    public IReadOnlyList<string>? Aliases { get; init; }

    [MinLength(1), MaxLength(200), Visible(200)]
    public string? Name { get; init; }

    [EmailAddress, MaxLength(254)]
    public string? Email { get; init; }

    [Pattern("^[a-z]{2}(-[A-Z]{2})?$", ErrorMessage = "A language such as en or fa.")]
    public string? Locale { get; init; }

    [Url, MaxLength(500)]
    public string? Website { get; init; }

    /// <summary>All payout details anew. A changed account waits seven days or for a confirmation.</summary>
    public IReadOnlyDictionary<string, string>? Payout { get; init; }

    [MaxLength(60)]
    public string? Group { get; init; }
}

/// <summary>Why a status changes; goes to the audit log.</summary>
public sealed record StatusChange
{
    [MaxLength(500)]
    public string? Reason { get; init; }
}

/// <summary>A partner.</summary>
public sealed record PartnerView
{
    public required string Id { get; init; }
    public required string Code { get; init; }
    public required IReadOnlyList<string> Aliases { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public required string Locale { get; init; }
    public string? Website { get; init; }
    public string? Group { get; init; }
    public string? ReferredBy { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>suspended</c>, <c>rejected</c> or <c>erased</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Payout details are on file.</summary>
    public required bool HasPayout { get; init; }

    /// <summary>The id in the files this partner was imported from.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The link of the shop that led this partner to the form: <c>footer</c>, <c>widget</c>, <c>banner</c>, <c>order</c>, or a <c>utm_medium</c> of your own.</summary>
    public string? SignupSource { get; init; }

    /// <summary>The version of the terms that he has agreed to in the form, see <c>GET /v1/terms</c>; null where he came another way.</summary>
    /// <example>3</example>
    public int? TermsVersion { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    internal static PartnerView Of(PartnerRow row, IEnumerable<PartnerCodeRow> codes) => new()
    {
        Id = PublicId.Of(PublicId.Partner, row.Id), Code = row.Code, Name = row.Name, Email = row.Email, Locale = row.Locale, Website = row.Website,
        Aliases = [.. codes.Where(c => c.CodeKey != CodeText.Fold(row.Code)).Select(c => c.Code).Order(StringComparer.Ordinal)], Group = row.GroupName,
        ReferredBy = row.ReferredBy is { } r ? PublicId.Of(PublicId.Partner, r) : null, Status = row.Status, HasPayout = row.PayoutDetailsId is not null,
        ExternalId = row.ExternalId, SignupSource = row.SignupSource, TermsVersion = row.TermsVersion, CreatedAt = UnixTime.Truncate(row.CreatedAt), UpdatedAt = UnixTime.Truncate(row.UpdatedAt),
    };
}

/// <summary>A coupon of the shop that credits a partner.</summary>
public sealed record NewCoupon([property: MinLength(1), MaxLength(100), Visible(100)] string Code);

public sealed record CouponView(string Code, DateTimeOffset CreatedAt);

/// <summary>A deep link.</summary>
public sealed record NewLink
{
    /// <summary>Path and query on the shop, from the root: <c>/product/mug/</c>.</summary>
    [Pattern(@"^/(?![/\\])[^\s\\]{0,900}$", ErrorMessage = "A path on the shop such as /product/mug/.")]
    public required string Path { get; init; }

    [MaxLength(100)]
    public string? Name { get; init; }
}

public sealed record LinkView
{
    public required string Id { get; init; }
    public required string Path { get; init; }
    public string? Name { get; init; }

    /// <summary>Path on this service that counts the click and leads to the page.</summary>
    public required string Href { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal static LinkView Of(LinkRow row, string code) => new()
    {
        Id = PublicId.Of(PublicId.Link, row.Id), Path = row.Path, Name = row.Name, Href = $"/r/{code}{row.Path}", CreatedAt = row.CreatedAt,
    };
}
