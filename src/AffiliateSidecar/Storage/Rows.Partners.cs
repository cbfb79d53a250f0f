using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

[Table("afs_partners", IsColumnAttributeRequired = false)]
sealed record PartnerRow
{
    /// <summary>Served as <c>prt_…</c>, see <see cref="PublicId"/>.</summary>
    [PrimaryKey, Identity] public int Id { get; init; }
    public required string Code { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }
    public string? EmailHash { get; init; }

    /// <summary>Name and e-mail as they are compared with a search word.</summary>
    public required string SearchKey { get; init; }
    public required string Locale { get; init; }
    public string? Website { get; init; }

    /// <summary>The newest payout details; null where there are none.</summary>
    public long? PayoutDetailsId { get; init; }
    public string? GroupName { get; init; }
    public int? ReferredBy { get; init; }
    public required string Status { get; init; }
    public string? StatusReason { get; init; }

    /// <summary>Signup page, api, import.</summary>
    public required string Source { get; init; }

    /// <summary>The id in the files this partner was imported from.</summary>
    public string? ExternalId { get; init; }
    public string? Country { get; init; }

    /// <summary>Address at signup, as in <see cref="ClickRow.Address"/>.</summary>
    public long? SignupAddress { get; init; }

    /// <summary>The door to the signup page: footer, banner, order; null where nobody said.</summary>
    public string? SignupSource { get; init; }

    /// <summary>The terms that he has agreed to in the form; null where he came another way, or there were none.</summary>
    public int? TermsVersion { get; init; }

    /// <summary>Keyed hash of the account that is paid to.</summary>
    public string? PayoutHash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Every text that means a partner: the code, aliases, coupons. Keys are folded, so a text belongs to one partner.</summary>
[Table("afs_partner_codes", IsColumnAttributeRequired = false)]
sealed record PartnerCodeRow
{
    /// <summary><c>code</c> (and aliases) or <c>coupon</c>.</summary>
    [PrimaryKey(0)] public required string Kind { get; init; }
    [PrimaryKey(1)] public required string CodeKey { get; init; }
    public required int PartnerId { get; init; }
    public required string Code { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

[Table("afs_links", IsColumnAttributeRequired = false)]
sealed record LinkRow
{
    [PrimaryKey, Identity] public int Id { get; init; }
    public required int PartnerId { get; init; }
    public string? ExternalId { get; init; }
    public required string Path { get; init; }
    public string? Name { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}
