using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

/// <summary>Small facts of the installation: secrets of its own, counters that tell caches to refresh.</summary>
[Table("afs_settings", IsColumnAttributeRequired = false)]
sealed record SettingRow
{
    [PrimaryKey] public required string Name { get; init; }
    public required string Value { get; init; }
}

[Table("afs_api_keys", IsColumnAttributeRequired = false)]
sealed record ApiKeyRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Scopes { get; init; }
    public required string Hash { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
}

[Table("afs_idempotency", IsColumnAttributeRequired = false)]
sealed record IdempotencyRow
{
    /// <summary>SHA-256 of caller, path and Idempotency-Key.</summary>
    [PrimaryKey] public required string Id { get; init; }
    public required string RequestHash { get; init; }

    /// <summary>Whoever answers the first request, and until when nobody else may.</summary>
    public required string Claim { get; init; }
    public required DateTimeOffset ClaimedUntil { get; init; }

    /// <summary>Null while the first request is being answered.</summary>
    public int? Status { get; init; }
    public string? ContentType { get; init; }
    public string? Location { get; init; }
    public byte[]? Body { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
}

[Table("afs_audit_log", IsColumnAttributeRequired = false)]
sealed record AuditRow
{
    [PrimaryKey, Identity] public long Id { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public required string Subject { get; init; }
    public string? Detail { get; init; }
    public string? Origin { get; init; }
}

/// <summary>What one node at a time does.</summary>
[Table("afs_leases", IsColumnAttributeRequired = false)]
sealed record LeaseRow
{
    [PrimaryKey] public required string Name { get; init; }
    public required string Owner { get; init; }
    public required DateTimeOffset Until { get; init; }
}
