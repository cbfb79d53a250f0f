using System.ComponentModel.DataAnnotations;
using AffiliateSidecar.Http;

namespace AffiliateSidecar.Orders;

/// <summary>An order as the shop states it. Amounts are decimal strings in the order's currency.</summary>
/// <example>
/// {"status":"processing","currency":"EUR","placed_at":"2026-11-20T10:00:00Z","updated_at":"2026-11-20T10:05:00Z","total":"125.00","tax":"19.17","shipping":"5.00",
/// "discount":"10.00","customer":{"external_id":"31","email":"jane@example.com","is_new":true,"country":"DE"},"payment_method":"stripe","coupons":["SARA10"],
/// "partner_code":"sara","lines":[{"external_id":"1","product_id":"77","sku":"MUG-1","categories":["mugs"],"name":"Stoneware mug","quantity":2,"subtotal":"110.83",
/// "total":"100.83","tax":"19.17"}]}
/// </example>
public record OrderRequest
{
    /// <summary>WooCommerce's word: <c>pending</c>, <c>on-hold</c>, <c>processing</c>, <c>completed</c>, <c>cancelled</c>, <c>refunded</c>, <c>failed</c> or <c>trash</c>.</summary>
    [OneOf("pending", "on-hold", "processing", "completed", "cancelled", "refunded", "failed", "trash")]
    public required string Status { get; init; }

    /// <summary>ISO 4217, or the Iranian shop codes IRT, IRHR, IRHT.</summary>
    [StringLength(4, MinimumLength = 3)]
    public required string Currency { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>The version: the later one wins, an older one changes nothing.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    public CustomerRequest? Customer { get; init; }

    /// <summary>What the customer pays: tax, shipping and fees in, discount out.</summary>
    public required DecimalText Total { get; init; }

    public DecimalText Tax { get; init; }
    public DecimalText Shipping { get; init; }

    /// <summary>May be negative.</summary>
    public DecimalText Fees { get; init; }

    /// <summary>Without tax; already out of the line totals, or on the cart as a whole.</summary>
    public DecimalText Discount { get; init; }

    /// <summary>At most 1,000.</summary>
    public IReadOnlyList<OrderLineRequest>? Lines { get; init; }

    /// <summary><c>cod</c> earns on completion only.</summary>
    [MaxLength(60)]
    public string? PaymentMethod { get; init; }

    /// <summary>Coupon codes used.</summary>
    [MaxLength(50)]
    public IReadOnlyList<string>? Coupons { get; init; }

    /// <summary>The <c>aff_click</c> that the redirect put into the landing address.</summary>
    [MaxLength(100)]
    public string? ClickId { get; init; }

    /// <summary>The partner, where the shop knows better than any click.</summary>
    [MaxLength(190)]
    public string? PartnerCode { get; init; }

    /// <summary>What the shop knows of the visit: <c>session_entry</c>, <c>utm_source</c>, <c>utm_campaign</c>, <c>utm_content</c>, <c>ref</c>.</summary>
    [MaxLength(30)]
    public IReadOnlyDictionary<string, string>? Landing { get; init; }

    internal Order ToOrder(string shop, string externalId) => new()
    {
        Shop = shop, ExternalId = externalId, Status = Status, Currency = Currency, PlacedAt = Storage.UnixTime.Truncate(PlacedAt),
        UpdatedAt = Storage.UnixTime.Truncate(UpdatedAt), Total = Total, Tax = Tax, Shipping = Shipping, Fees = Fees, Discount = Discount,
        PaymentMethod = PaymentMethod, Coupons = Coupons ?? [], ClickId = ClickId, PartnerCode = PartnerCode, Landing = Landing,
        Customer = new Customer
        {
            ExternalId = Customer?.ExternalId, Email = Customer?.Email, IsNew = Customer?.IsNew, Country = Customer?.Country, Ip = Partners.PersonalData.Network(Customer?.Ip),
            Address = Partners.PersonalData.Address(Customer?.Ip),
        },
        Lines = [.. (Lines ?? []).Select(l => new OrderLine
        {
            ExternalId = l.ExternalId, ProductId = l.ProductId, Sku = l.Sku, Categories = l.Categories ?? [], Name = l.Name, Quantity = l.Quantity,
            Subtotal = l.Subtotal ?? l.Total, Total = l.Total, Tax = l.Tax,
        })],
    };

    /// <summary>What attributes cannot say. Member → messages; empty where all is well.</summary>
    internal Dictionary<string, string[]> Problems(DateTimeOffset now)
    {
        var problems = new Dictionary<string, string[]>();
        void Check(bool fine, string member, string message)
        {
            if (!fine)
                problems.TryAdd(member, [message]);
        }

        Check(AffiliateSidecar.Currency.IsKnown(Currency), "currency", $"The currency '{Currency}' is not known.");
        Check(PlacedAt.Year >= 2000 && PlacedAt <= now.AddDays(1), "placed_at", "The order lies in the future, or before the year 2000.");
        Check(UpdatedAt.Year >= 2000 && UpdatedAt <= now.AddDays(1), "updated_at", "The change lies in the future, or before the year 2000.");
        foreach (var (member, amount, signed) in new[] { ("total", Total, false), ("tax", Tax, false), ("shipping", Shipping, false), ("fees", Fees, true), ("discount", Discount, false) })
            Amount(member, amount, signed);
        Check(Lines is null or { Count: <= 1000 }, "lines", $"At most 1,000 lines, got {Lines?.Count}.");
        if (Lines is { Count: <= 1000 })
        {
            for (var i = 0; i < Lines.Count; i++)
            {
                Amount($"lines[{i}].subtotal", Lines[i].Subtotal ?? Lines[i].Total, false);
                Amount($"lines[{i}].total", Lines[i].Total, false);
                Amount($"lines[{i}].tax", Lines[i].Tax, false);
            }
            Check(Lines.DistinctBy(l => l.ExternalId).Count() == Lines.Count, "lines", "Two lines have the same external_id.");
        }
        return problems;

        void Amount(string member, DecimalText amount, bool signed)
        {
            Check(signed || amount.Value >= 0, member, "The amount is negative.");
            Check(Math.Abs(amount.Value) < 1_000_000_000_000m, member, "The amount is too large.");
        }
    }
}

/// <summary>The buyer.</summary>
public sealed record CustomerRequest
{
    /// <summary>The shop's own id; left out for guests.</summary>
    [MaxLength(100)]
    public string? ExternalId { get; init; }

    [MaxLength(254)]
    public string? Email { get; init; }

    public bool? IsNew { get; init; }

    /// <summary>ISO 3166-1 alpha-2.</summary>
    [RegularExpression("^[A-Za-z]{2}$", ErrorMessage = "Two letters, such as DE.")]
    public string? Country { get; init; }

    /// <summary>Kept as a truncated network only.</summary>
    [MaxLength(45)]
    public string? Ip { get; init; }
}

/// <summary>One line of goods.</summary>
public sealed record OrderLineRequest
{
    [ExternalId]
    public required string ExternalId { get; init; }

    [MaxLength(100)]
    public string? ProductId { get; init; }

    [MaxLength(100)]
    public string? Sku { get; init; }

    [MaxLength(50)]
    public IReadOnlyList<string>? Categories { get; init; }

    [MaxLength(500)]
    public string? Name { get; init; }

    [Range(0, 1_000_000)]
    public int Quantity { get; init; } = 1;

    /// <summary>Before discounts, without tax; left out: as <c>total</c>.</summary>
    public DecimalText? Subtotal { get; init; }

    /// <summary>After discounts, without tax.</summary>
    public required DecimalText Total { get; init; }

    public DecimalText Tax { get; init; }
}

/// <summary>Money paid back for an order.</summary>
/// <example>
/// {"external_id":"7","amount":"60.00","reason":"One mug came broken.","occurred_at":"2026-11-22T09:00:00Z","lines":[{"external_id":"1","amount":"50.42","quantity":1}]}
/// </example>
public sealed record RefundRequest
{
    /// <summary>The shop's own id: the same one again is a duplicate.</summary>
    [ExternalId]
    public required string ExternalId { get; init; }

    /// <summary>Positive, with tax, as paid back.</summary>
    public required DecimalText Amount { get; init; }

    [MaxLength(500)]
    public string? Reason { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Left out: only the amount is known. Empty: no line is touched.</summary>
    [MaxLength(1000)]
    public IReadOnlyList<RefundLineRequest>? Lines { get; init; }

    internal Refund ToRefund() => new()
    {
        ExternalId = ExternalId, Amount = Amount, Reason = Reason, OccurredAt = OccurredAt,
        Lines = Lines is null ? null : [.. Lines.Select(l => new RefundLine { ExternalId = l.ExternalId, Amount = l.Amount, Quantity = l.Quantity })],
    };

    internal Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>();
        if (Amount.Value is <= 0 or >= 1_000_000_000_000m)
            problems["amount"] = ["The amount is positive: what was paid back, with tax."];
        for (var i = 0; i < (Lines?.Count ?? 0); i++)
            if (Lines![i].Amount.Value < 0)
                problems[$"lines[{i}].amount"] = ["The amount is negative."];
        return problems;
    }
}

/// <summary>The part of a refund that belongs to one order line.</summary>
public sealed record RefundLineRequest
{
    /// <summary>The order line's id.</summary>
    [ExternalId]
    public required string ExternalId { get; init; }

    /// <summary>Positive, without tax.</summary>
    public required DecimalText Amount { get; init; }

    [Range(0, 1_000_000)]
    public int? Quantity { get; init; }
}
