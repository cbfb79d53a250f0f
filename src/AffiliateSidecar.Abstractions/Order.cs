using System.Text.Json.Serialization;

namespace AffiliateSidecar;

/// <summary>
/// An order as its shop states it at one moment. Amounts are decimals in major units, unrounded where the source is:
/// a shop's database knows 85.705882 where its webhook says 85.71.
/// </summary>
public sealed record Order
{
    public required string Shop { get; init; }

    /// <summary>The shop's own id of the order.</summary>
    public required string ExternalId { get; init; }

    /// <summary>WooCommerce's word for it; a plugin's own status is kept as it is and earns nothing.</summary>
    public required string Status { get; init; }

    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>The version: the later one wins.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public Customer Customer { get; init; } = new();

    /// <summary>What the customer pays: tax, shipping and fees in, discount out. Does not shrink with refunds.</summary>
    public decimal Total { get; init; }

    public decimal Tax { get; init; }
    public decimal Shipping { get; init; }
    public decimal Fees { get; init; }
    public decimal Discount { get; init; }
    public IReadOnlyList<OrderLine> Lines { get; init; } = [];
    public string? PaymentMethod { get; init; }
    public IReadOnlyList<string> Coupons { get; init; } = [];
    public string? ClickId { get; init; }
    public string? PartnerCode { get; init; }

    /// <summary>What the shop knows of the visit: <c>session_entry</c>, <c>utm_source</c>, <c>utm_campaign</c>, <c>utm_content</c>, <c>ref</c>, …</summary>
    public IReadOnlyDictionary<string, string>? Landing { get; init; }

    /// <summary>All refunds, where the source states them with the order; null where they come one by one.</summary>
    public IReadOnlyList<Refund>? Refunds { get; init; }

    /// <summary>The source rounded the amounts to fewer decimals than the currency has, so an exact amount known before is the better one.</summary>
    public bool Rounded { get; init; }
}

/// <summary>The buyer, as far as the shop says.</summary>
public sealed record Customer
{
    public string? ExternalId { get; init; }
    public string? Email { get; init; }
    public bool? IsNew { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>Address at checkout, cut to its network.</summary>
    public string? Ip { get; init; }

    /// <summary>The whole address. It is never stored: only a keyed hash is, to see the same line again.</summary>
    [JsonIgnore]
    public string? Address { get; init; }
}

/// <summary>One line of goods. Total is after discounts and without tax.</summary>
public sealed record OrderLine
{
    public required string ExternalId { get; init; }
    public string? ProductId { get; init; }
    public string? Sku { get; init; }
    public IReadOnlyList<string> Categories { get; init; } = [];
    public string? Name { get; init; }
    public decimal Quantity { get; init; } = 1;
    public decimal Subtotal { get; init; }

    /// <summary>After discounts, without tax.</summary>
    public decimal Total { get; init; }

    public decimal Tax { get; init; }
}

/// <summary>Money paid back.</summary>
public sealed record Refund
{
    public required string ExternalId { get; init; }

    /// <summary>Positive, with tax, as the shop paid it back.</summary>
    public decimal Amount { get; init; }

    public string? Reason { get; init; }
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>Null: only the amount is known. Empty: no line is touched.</summary>
    public IReadOnlyList<RefundLine>? Lines { get; init; }
}

/// <summary>The part of a refund that belongs to one order line: positive, without tax.</summary>
public sealed record RefundLine
{
    /// <summary>The order line's id.</summary>
    public required string ExternalId { get; init; }

    public decimal Amount { get; init; }
    public decimal? Quantity { get; init; }
}

/// <summary>WooCommerce's order states and what they mean for a commission.</summary>
public static class OrderStatus
{
    public const string Pending = "pending";
    public const string OnHold = "on-hold";
    public const string Processing = "processing";
    public const string Completed = "completed";
    public const string Cancelled = "cancelled";
    public const string Refunded = "refunded";
    public const string Failed = "failed";
    public const string Trash = "trash";

    public static readonly IReadOnlyList<string> All = [Pending, OnHold, Processing, Completed, Cancelled, Refunded, Failed, Trash];

    /// <summary>Cash on delivery is earned when the parcel is paid, not when it is packed.</summary>
    public static bool Earns(string status, string? paymentMethod) =>
        status == Completed || (status == Processing && paymentMethod != "cod");

    public static bool Reverses(string status) => status is Cancelled or Failed or Refunded or Trash;
}
