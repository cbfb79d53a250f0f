using System.ComponentModel.DataAnnotations;

namespace AffiliateSidecar.Tracking;

/// <summary>A click on a <c>?ref=</c> link, reported by the shop's page.</summary>
public sealed record NewClick
{
    /// <summary>The partner's code or an alias, in any case.</summary>
    [MinLength(1), MaxLength(190)]
    public required string Code { get; init; }

    /// <summary>The page of the shop the visitor came to, absolute.</summary>
    [MinLength(1), MaxLength(4000)]
    public required string LandingUrl { get; init; }

    /// <summary>The page the visitor came from.</summary>
    [MaxLength(4000)]
    public string? Referrer { get; init; }
}

/// <summary>A counted click.</summary>
/// <param name="ClickId">To be sent with the order.</param>
/// <param name="ExpiresAt">End of the attribution window: orders placed later are not credited.</param>
public sealed record ClickView(string ClickId, DateTimeOffset ExpiresAt);

/// <summary>A link or banner was shown.</summary>
public sealed record NewImpression
{
    /// <summary>The partner's code or an alias, in any case.</summary>
    [MinLength(1), MaxLength(190)]
    public required string Code { get; init; }

    /// <summary>Id of the partner's deep link (<c>lnk_…</c>); left out: the plain code.</summary>
    [MaxLength(60)]
    public string? Link { get; init; }

    /// <summary>How often, 1 to 100; left out: once.</summary>
    [Range(1, 100)]
    public int? Count { get; init; }
}
