using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Shops.WooCommerce;

/// <summary>What WooCommerce says of an order, by webhook or in its database, before it is checked. What is missing is null or nothing.</summary>
sealed record OrderParts
{
    public required string Id { get; init; }
    public required string? Status { get; init; }
    public required string? Currency { get; init; }
    public required DateTimeOffset? Created { get; init; }
    public required DateTimeOffset? Updated { get; init; }
    public required decimal Total { get; init; }
    public required decimal Tax { get; init; }
    public required decimal Shipping { get; init; }
    public required decimal Fees { get; init; }
    public required decimal Discount { get; init; }
    public required IReadOnlyList<OrderLine> Lines { get; init; }
    public required IReadOnlyList<Refund> Refunds { get; init; }
    public required IReadOnlyList<string> Coupons { get; init; }
    public required string? PaymentMethod { get; init; }
    public required string? CustomerId { get; init; }
    public required string? Email { get; init; }
    public required string? Country { get; init; }
    public required string? Address { get; init; }
    public required Dictionary<string, string> Meta { get; init; }

    /// <exception cref="UselessPayloadException">The order cannot be what it says.</exception>
    public Order ToOrder(ShopSettings shop)
    {
        if (!AffiliateSidecar.Currency.IsKnown(Currency))
            throw new UselessPayloadException($"The currency {ShopText.Word(Currency) ?? "of the order"} is not known.");
        var updated = Updated ?? Created ?? throw new UselessPayloadException("The order has no date.");
        if (Total < 0)
            throw new UselessPayloadException("The order's total is negative.");
        return new Order
        {
            Shop = shop.Name,
            ExternalId = Id,
            Status = Status ?? throw new UselessPayloadException("The order has no status."),
            Currency = Currency!,
            PlacedAt = Created ?? updated,
            UpdatedAt = updated,
            Customer = new Customer
            {
                ExternalId = CustomerId,
                // An erased customer becomes deleted@site.invalid, which is nobody's address.
                Email = Email is not null && Email.Contains('@') && !Email.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase) ? Email : null,
                Country = Country is { Length: 2 } && Country.All(char.IsAsciiLetterUpper) ? Country : null,
                Ip = PersonalData.Network(Address),
                Address = PersonalData.Address(Address),
            },
            Total = Total,
            Tax = Tax,
            Shipping = Shipping,
            Fees = Fees,
            Discount = Discount,
            Lines = Lines,
            PaymentMethod = PaymentMethod,
            Coupons = Coupons,
            ClickId = OrderMeta.ClickId(Meta),
            PartnerCode = OrderMeta.PartnerCode(shop, Meta),
            Landing = OrderMeta.Landing(Meta),
            Refunds = Refunds,
        };
    }
}
