using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>Which orders.</summary>
public sealed class OrderFilter
{
    [MaxLength(40)]
    public string? Shop { get; init; }

    [MaxLength(100)]
    public string? ExternalId { get; init; }

    /// <summary>A partner's id.</summary>
    [MaxLength(60)]
    public string? Partner { get; init; }

    [MaxLength(40)]
    public string? Status { get; init; }

    /// <summary>Placed at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Placed before.</summary>
    public DateTimeOffset? To { get; init; }
}

/// <summary>An order with its attribution.</summary>
public sealed record OrderView
{
    public required string Id { get; init; }
    public required string Shop { get; init; }
    public required string ExternalId { get; init; }
    public required string Status { get; init; }
    public required string Currency { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
    public required CustomerView Customer { get; init; }
    public required Money Total { get; init; }
    public required Money Tax { get; init; }
    public required Money Shipping { get; init; }
    public required Money Fees { get; init; }
    public required Money Discount { get; init; }

    /// <summary>Paid back, gross.</summary>
    public required Money Refunded { get; init; }

    public required IReadOnlyList<OrderLineView> Lines { get; init; }
    public string? PaymentMethod { get; init; }
    public required IReadOnlyList<string> Coupons { get; init; }
    public string? ClickId { get; init; }
    public string? PartnerCode { get; init; }
    public IReadOnlyDictionary<string, string>? Landing { get; init; }

    /// <summary>The amounts come from statements that were rounded to fewer decimals than the currency has.</summary>
    public required bool Rounded { get; init; }

    /// <summary>What commission is computed on: line totals without tax, before refunds.</summary>
    public required Money CommissionBase { get; init; }

    /// <summary>Net of refunds, zero when reversed; null where nobody earns.</summary>
    public Money? Commission { get; init; }

    /// <summary><c>pending</c>, <c>approved</c>, <c>held</c>, <c>paid</c> or <c>reversed</c>.</summary>
    public string? CommissionStatus { get; init; }

    public required AttributionView Attribution { get; init; }

    internal static OrderView Of(OrderRow row, CommissionRow? commission)
    {
        var order = OrderState.Of(row).Effective().Order;
        Money In(decimal amount) => Money.Round(amount, row.Currency);
        return new()
        {
            Id = row.Id, Shop = row.Shop, ExternalId = row.ExternalId, Status = row.Status, Currency = row.Currency, PlacedAt = row.PlacedAt,
            UpdatedAt = row.UpdatedAt, Total = In(order.Total), Tax = In(order.Tax), Shipping = In(order.Shipping), Fees = In(order.Fees),
            Discount = In(order.Discount), Refunded = new(row.RefundedMinor, row.Currency), PaymentMethod = order.PaymentMethod, Coupons = order.Coupons,
            ClickId = order.ClickId, PartnerCode = order.PartnerCode, Landing = order.Landing, Rounded = order.Rounded,
            Customer = new(order.Customer.ExternalId, order.Customer.Email, order.Customer.IsNew, order.Customer.Country),
            Lines = [.. order.Lines.Select(l => new OrderLineView(l.ExternalId, l.ProductId, l.Sku, l.Categories, l.Name, (int)l.Quantity,
                In(l.Subtotal), In(l.Total), In(l.Tax)))],
            CommissionBase = new(row.BaseMinor, row.Currency),
            Commission = commission is null ? null : new(commission.AmountMinor, commission.Currency),
            CommissionStatus = commission?.Status,
            Attribution = AttributionView.Of(row),
        };
    }
}

/// <summary>The buyer; the address is not served.</summary>
public sealed record CustomerView(string? ExternalId, string? Email, bool? IsNew, string? Country);

/// <summary>One line of goods.</summary>
public sealed record OrderLineView(string ExternalId, string? ProductId, string? Sku, IReadOnlyList<string> Categories, string? Name, int Quantity,
    Money Subtotal, Money Total, Money Tax);

/// <summary>Who is credited, and every rule that was weighed.</summary>
public sealed record AttributionView
{
    /// <summary>The partner's id; null where nobody is credited.</summary>
    public string? Partner { get; init; }

    public string? PartnerCode { get; init; }

    /// <summary><c>click</c>, <c>coupon</c>, <c>binding</c>, <c>explicit</c> or <c>witness</c>.</summary>
    public string? Method { get; init; }

    /// <summary>The click that won.</summary>
    public string? ClickId { get; init; }

    public DateTimeOffset? ClickedAt { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public required int RuleVersion { get; init; }

    /// <summary>All evidence, the weightiest first.</summary>
    public required IReadOnlyList<Candidate> Candidates { get; init; }

    /// <summary>Where our click and the shop's own order attribution do not say the same: what each says.</summary>
    public string? Disagreement { get; init; }

    internal static AttributionView Of(OrderRow row)
    {
        var decision = JsonSerializer.Deserialize<Decision>(row.Decision, Json.Options)!;
        return new()
        {
            Partner = decision.PartnerId is { } id ? PublicId.Of(PublicId.Partner, id) : null, PartnerCode = decision.PartnerCode, Method = decision.Method,
            ClickId = decision.ClickId, ClickedAt = decision.ClickedAt, DecidedAt = decision.DecidedAt, RuleVersion = decision.RuleVersion,
            Candidates = decision.Candidates, Disagreement = decision.Disagreement,
        };
    }
}

/// <summary>What became of a refund.</summary>
/// <param name="Status"><c>accepted</c>, <c>duplicate</c>, or <c>kept</c> until its order arrives.</param>
/// <param name="Order">The order as it is now; null while it is not known.</param>
public sealed record RefundResult(string Status, OrderView? Order);
