using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>One thing a source says about one order. It may be old, doubled, or about an order nobody has heard of yet.</summary>
abstract record OrderNews(string Shop, string ExternalId)
{
    /// <summary>Who says so, for the ledger: an API key's id, <c>webhook</c>, <c>import</c>, <c>system</c>.</summary>
    public string Actor { get; init; } = "system";
}

/// <summary>"This is the order now."</summary>
sealed record OrderStated(Order Order) : OrderNews(Order.Shop, Order.ExternalId)
{
    /// <summary>It has come back from the trash.</summary>
    public bool Restored { get; init; }

    /// <summary>History: who was credited elsewhere is not decided again.</summary>
    public ImportedCredit? Credit { get; init; }
}

/// <summary>Who an imported order was credited to.</summary>
sealed record ImportedCredit(int PartnerId, string Method, string? ClickId, DateTimeOffset? ClickedAt);

/// <summary>"This is what the shop's own database has": exact, with all refunds, and of one moment.</summary>
/// <param name="Order">Null where it is there no more.</param>
/// <param name="Body">The same as canonical JSON.</param>
/// <param name="Digest">What the order amounts to, for telling cheaply whether it has changed.</param>
/// <param name="ReadAt">By the clock of the shop's database.</param>
sealed record OrderRead(string Shop, string ExternalId, Order? Order, string? Body, string Digest, DateTimeOffset ReadAt) : OrderNews(Shop, ExternalId);

/// <summary>"The order is in the trash", without saying since when.</summary>
sealed record OrderTrashed(string Shop, string ExternalId) : OrderNews(Shop, ExternalId);

/// <summary>"This was paid back", one refund at a time.</summary>
sealed record RefundReported(string Shop, string ExternalId, Refund Refund) : OrderNews(Shop, ExternalId);

/// <summary>Time has passed: look at what it deserves again.</summary>
sealed record OrderDue(string Shop, string ExternalId) : OrderNews(Shop, ExternalId);

/// <summary>Somebody decides about the order's commission: <c>approve</c>, <c>hold</c>, <c>release</c> or <c>reverse</c>.</summary>
sealed record CommissionDecided(string Shop, string ExternalId, string Decision, string Reason) : OrderNews(Shop, ExternalId)
{
    /// <summary>Whether it is meant for the commission as it is when its turn comes: whoever lists many and then decides may be overtaken. Null: however it is.</summary>
    public Func<CommissionRow, bool>? If { get; init; }

    /// <summary>No person has decided it.</summary>
    public bool IsAutomatic { get; init; }
}

enum IntakeStatus
{
    /// <summary>It was news.</summary>
    Accepted,

    /// <summary>Known already, to the letter.</summary>
    Duplicate,

    /// <summary>Older than what is known.</summary>
    Stale,

    /// <summary>Kept until its order arrives.</summary>
    Kept,

    /// <summary>Cannot be: see the reason.</summary>
    Refused,
}

/// <param name="Status">What became of the news.</param>
/// <param name="Order">The order as it is stored now; null where it is not known yet.</param>
/// <param name="Reason">A sentence, where refused.</param>
/// <param name="Commission">What its partner earns; null where nobody does.</param>
/// <param name="IsNew">This was the first anybody said of the order.</param>
/// <param name="Difference">Where the news was a reading of the shop's database: what had not been known before; null where all was.</param>
sealed record IntakeResult(IntakeStatus Status, OrderRow? Order, string? Reason = null, CommissionRow? Commission = null, bool IsNew = false,
    OrderDifference? Difference = null);
