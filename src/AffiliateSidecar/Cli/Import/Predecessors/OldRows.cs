namespace AffiliateSidecar.Cli.Import.Predecessors;

// What the queries of all programs have in common. Amounts and times are texts: there they are, and garbage is named instead of ending the import.

sealed record AffiliateRow
{
    public long Id { get; init; }
    public long UserId { get; init; }
    public string? PaymentEmail { get; init; }
    public string? Website { get; init; }
    public string? Status { get; init; }
    public string? At { get; init; }
    public string? Rate { get; init; }
    public string? RateType { get; init; }
    public string? Slug { get; init; }

    /// <summary>The columns of the WordPress user; null where he is gone.</summary>
    public string? Login { get; init; }
    public string? Nicename { get; init; }
    public string? Email { get; init; }
    public string? DisplayName { get; init; }
    public string? UserUrl { get; init; }
}

sealed record CouponRow
{
    public long Id { get; init; }
    public string? Affiliate { get; init; }
    public string? Code { get; init; }
}

sealed record VisitRow
{
    public long Id { get; init; }
    public long Affiliate { get; init; }
    public string? At { get; init; }
    public string? Ip { get; init; }
    public string? Landing { get; init; }
    public string? Referrer { get; init; }
}

sealed record ReferralRow
{
    public long Id { get; init; }
    public long Affiliate { get; init; }
    public long Visit { get; init; }
    public string? Status { get; init; }
    public string? Amount { get; init; }
    public string? Currency { get; init; }
    public string? Context { get; init; }
    public string? Reference { get; init; }
    public string? Type { get; init; }
    public long Payout { get; init; }
    public string? At { get; init; }
}

sealed record OldPayoutRow
{
    public long Id { get; init; }
    public long Affiliate { get; init; }
    public string? Amount { get; init; }
    public string? Status { get; init; }

    /// <summary>Numbers of the referrals it pays, separated by commas.</summary>
    public string? Referrals { get; init; }
    public string? At { get; init; }
}
