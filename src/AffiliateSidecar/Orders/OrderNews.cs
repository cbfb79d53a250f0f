using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>One thing a source says about one order. It may be old, doubled, or about an order nobody has heard of yet.</summary>
abstract record OrderNews(string Shop, string ExternalId);

/// <summary>"This is the order now." <paramref name="Restored"/>: it has come back from the trash.</summary>
sealed record OrderStated(Order Order, bool Restored = false) : OrderNews(Order.Shop, Order.ExternalId);

/// <summary>"The order is in the trash", without saying since when.</summary>
sealed record OrderTrashed(string Shop, string ExternalId) : OrderNews(Shop, ExternalId);

/// <summary>"This was paid back", one refund at a time.</summary>
sealed record RefundReported(string Shop, string ExternalId, Refund Refund) : OrderNews(Shop, ExternalId);

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
sealed record IntakeResult(IntakeStatus Status, OrderRow? Order, string? Reason = null);
