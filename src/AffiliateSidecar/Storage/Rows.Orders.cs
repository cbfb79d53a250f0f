using LinqToDB.Mapping;

namespace AffiliateSidecar.Storage;

[Table("afs_orders", IsColumnAttributeRequired = false)]
sealed record OrderRow
{
    [PrimaryKey] public required string Id { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>When the shop changed the state that counts now.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>With the body's time the version of the newest statement: the larger pair wins.</summary>
    public required string Hash { get; init; }

    /// <summary>The newest statement made to us, as canonical JSON of <see cref="Order"/>; empty where only the shop's database has spoken.</summary>
    public required string Body { get; init; }

    /// <summary>The newest statement with exact amounts, where <see cref="Body"/> is rounded.</summary>
    public string? ExactBody { get; init; }

    /// <summary>The order as it was last read in the shop's own database.</summary>
    public string? ShopBody { get; init; }

    /// <summary>What that database's order amounts to, to find out cheaply whether it has changed; <see cref="ShopGone"/> where it is there no more.</summary>
    public string? ShopDigest { get; init; }

    /// <summary>The latest change that any reading has seen.</summary>
    public DateTimeOffset? ShopUpdatedAt { get; init; }

    /// <summary>When it was last read, by the clock of the shop's database.</summary>
    public DateTimeOffset? ShopReadAt { get; init; }

    public const string ShopGone = "gone";

    public required long TotalMinor { get; init; }
    public required long RefundedMinor { get; init; }
    public required long BaseMinor { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>JSON of <see cref="AffiliateSidecar.Decision"/>.</summary>
    public required string Decision { get; init; }

    /// <summary>UpdatedAt of the statement that decided: an earlier one with evidence takes precedence, so arrival order does not matter.</summary>
    public required DateTimeOffset DecidedFrom { get; init; }
    public int? PartnerId { get; init; }
    public string? Method { get; init; }
    public string? ClickId { get; init; }

    /// <summary>Seconds from click to order, where the click is known.</summary>
    public long? LagSeconds { get; init; }
    public bool? IsNewCustomer { get; init; }

    /// <summary>Keyed hash of the customer's id or normalised e-mail.</summary>
    public string? CustomerKey { get; init; }

    /// <summary>The customer's mail address is of a domain that gives them away for one use; null where no address was told.</summary>
    public bool? HasDisposableMail { get; init; }
    public string? Country { get; init; }

    /// <summary>Address at checkout, as in <see cref="ClickRow.Address"/>.</summary>
    public long? Address { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>
/// One row for every order that anybody spoke of, known or not. Writing it first makes all news of one order wait for each other,
/// on one node by the row lock and on a Galera cluster by certification.
/// </summary>
[Table("afs_order_keys", IsColumnAttributeRequired = false)]
sealed record OrderKeyRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }
    [PrimaryKey(1)] public required string ExternalId { get; init; }
    public required long Touched { get; init; }

    /// <summary>When we first heard that it is in the trash; the shop says no time.</summary>
    public DateTimeOffset? TrashedAt { get; init; }

    /// <summary>The shop's time of the newest "restored".</summary>
    public DateTimeOffset? RestoredAt { get; init; }
}

/// <summary>Refunds reported one by one. What an order states itself is in its body.</summary>
[Table("afs_refunds", IsColumnAttributeRequired = false)]
sealed record RefundRow
{
    [PrimaryKey(0)] public required string Shop { get; init; }
    [PrimaryKey(1)] public required string OrderExternalId { get; init; }
    [PrimaryKey(2)] public required string ExternalId { get; init; }

    /// <summary>JSON of <see cref="Refund"/>.</summary>
    public required string Body { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
}
