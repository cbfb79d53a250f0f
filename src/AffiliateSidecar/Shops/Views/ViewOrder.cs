using AffiliateSidecar.Http;
using AffiliateSidecar.Partners;

namespace AffiliateSidecar.Shops.Views;

/// <summary>All rows that belong to one order.</summary>
/// <param name="RefundLines">Null where the shop has no such view.</param>
sealed record ViewOrder(ViewRow Order, IEnumerable<ViewRow> Lines, IEnumerable<ViewRow> Refunds, ILookup<string?, ViewRow>? RefundLines)
{
    /// <exception cref="UnreadableOrderException">The order cannot be what it says.</exception>
    public Order Read(ShopSettings shop, string id)
    {
        var status = Order.Word("status") ?? throw new UnreadableOrderException("Its status is not a word such as completed.");
        var currency = Order.Word("currency")?.ToUpperInvariant() ?? throw new UnreadableOrderException("Its currency is not a code such as EUR.");
        if (!Currency.IsKnown(currency))
            throw new UnreadableOrderException($"Its currency {currency} is not known.");
        var updated = Order.Utc("updated_at") ?? Order.Utc("placed_at") ?? throw new UnreadableOrderException(
            "It has no date: placed_at and updated_at are empty. Does the view convert them from a time zone that the database does not know?");
        if (Order.Text("total") is null)
            throw new UnreadableOrderException("It has no total.");
        if (Order.Amount("total") < 0)
            throw new UnreadableOrderException("Its total is negative.");
        return new Order
        {
            Shop = shop.Name,
            ExternalId = id,
            Status = StatusOf(status),
            Currency = currency,
            PlacedAt = Order.Utc("placed_at") ?? updated,
            UpdatedAt = updated,
            Customer = Customer(),
            Total = Order.Amount("total"),
            Tax = Order.Amount("tax"),
            Shipping = Order.Amount("shipping"),
            Fees = Order.Amount("fees"),
            Discount = Order.Amount("discount"),
            Lines = [.. Lines.Select(Line)],
            PaymentMethod = Order.Short("payment_method", 60),
            Coupons = Order.List("coupons"),
            ClickId = Order.Short("click_id", 100),
            PartnerCode = Order.Short("partner_code", 100),
            Landing = Landing(),
            Refunds = [.. Refunds.Select(Refund).DistinctBy(r => r.ExternalId)],
        };
    }

    /// <summary>WooCommerce's own prefix is no part of the word, and neither is the case.</summary>
    public static string StatusOf(string text) => text.ToLowerInvariant() is var word && word.StartsWith("wc-", StringComparison.Ordinal) ? word[3..] : word;

    Customer Customer() => new()
    {
        ExternalId = Order.IdOrNone("customer_id"),
        Email = Order.Short("customer_email", 254) is { } email && email.Contains('@') && !email.EndsWith(".invalid", StringComparison.OrdinalIgnoreCase) ? email : null,
        IsNew = Order.Flag("is_new_customer"),
        Country = Order.Text("customer_country")?.ToUpperInvariant() is { Length: 2 } country && country.All(char.IsAsciiLetterUpper) ? country : null,
        Ip = PersonalData.Network(Order.Text("customer_ip")),
        Address = PersonalData.Address(Order.Text("customer_ip")),
    };

    static OrderLine Line(ViewRow line) => new()
    {
        ExternalId = line.Id("external_id") ?? throw new UnreadableOrderException("A line of it has no id."),
        ProductId = line.IdOrNone("product_id"),
        Sku = line.Short("sku", 100),
        Categories = line.List("categories"),
        Name = line.Text("name") is { Length: > 500 } name ? name[..500] : line.Text("name"),
        Quantity = line.Quantity("quantity", 1),
        Subtotal = line.Text("subtotal") is null ? line.Amount("total") : line.Amount("subtotal"),
        Total = line.Amount("total"),
        Tax = line.Amount("tax"),
    };

    Refund Refund(ViewRow refund)
    {
        var id = refund.Id("external_id") ?? throw new UnreadableOrderException("A refund of it has no id.");
        var lines = RefundLines?[id].Select(RefundLine).ToList();
        return new()
        {
            ExternalId = id,
            Amount = Math.Abs(refund.Amount("amount")),
            Reason = refund.Short("reason", 500),
            OccurredAt = refund.Utc("occurred_at"),
            // No line may mean that none was touched, or that the shop knows only the amount: the view says which.
            Lines = lines is [] && refund.Flag("lines_known") is not true ? null : lines,
        };
    }

    static RefundLine RefundLine(ViewRow line) => new()
    {
        ExternalId = line.Id("line_id") ?? throw new UnreadableOrderException("A line of a refund of it has no id."),
        Amount = Math.Abs(line.Amount("amount")),
        Quantity = line.Text("quantity") is null ? null : Math.Abs(line.Quantity("quantity", 0)),
    };

    Dictionary<string, string>? Landing()
    {
        var known = ViewColumns.Visit.Where(name => Order.Short(name, 4000) is not null).ToDictionary(name => name, name => Order.Text(name)!);
        return known.Count > 0 ? known : null;
    }
}
