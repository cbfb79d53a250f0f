using AffiliateSidecar.Http;
using AffiliateSidecar.Shops.Reading;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>All that belongs to some orders, read in one snapshot; here they become orders.</summary>
sealed class OrderRows(ShopSettings shop, OrderTables tables, IEnumerable<RefundHead> refunds, Meta meta, IEnumerable<ItemRow> items, Meta itemMeta, Products products)
{
    readonly ILookup<ulong, RefundHead> refundsOf = refunds.ToLookup(r => r.OrderId);
    readonly ILookup<ulong, ItemRow> itemsOf = items.ToLookup(i => i.Owner);

    public static async Task<OrderRows> ReadAsync(
        ShopDb db, ShopSettings shop, OrderTables tables, ulong[] documents, List<RefundHead> refunds, ProductShelf shelf, CancellationToken cancel)
    {
        var meta = await tables.Meta.ReadAsync(db, documents, tables.MetaKeys, tables.MoneyKeys, cancel);
        var items = await OrderItems.ReadAsync(db, tables.Prefix, documents, cancel);
        var itemRows = await OrderItems.MetasAsync(db, tables.Prefix, items, cancel);
        var itemMeta = new Meta(itemRows, plain: false);
        var products = await shelf.OfAsync(db, OrderItems.Products(items, itemMeta), cancel);
        return new OrderRows(shop, tables, refunds, new Meta(meta, plain: true), items, itemMeta, products) { Digests = Digests.Of(refunds, meta, items, itemRows) };
    }

    public required Digests Digests { get; init; }

    /// <exception cref="UselessPayloadException">The order cannot be what it says.</exception>
    public Order Order(OrderHead bare)
    {
        var orderMeta = meta.Of(bare.Id);
        var head = tables.Complete(bare, orderMeta);
        return new OrderParts
        {
            Id = head.Id.ToString(),
            Status = ShopText.Word(head.PlainStatus),
            Currency = ShopText.Text(head.Currency),
            Created = ShopText.Utc(head.Created),
            Updated = ShopText.Utc(head.Updated),
            Total = ShopText.Amount(head.Total, "total"),
            Tax = ShopText.Amount(head.Tax, "tax") + ShopText.Amount(head.ShippingTax, "shipping tax"),
            Shipping = ShopText.Amount(head.Shipping, "shipping"),
            Fees = itemsOf[head.Id].Where(i => i.Type == "fee").Sum(i => Amount(i, "_line_total", "fee")),
            Discount = ShopText.Amount(head.Discount, "discount"),
            Lines = [.. itemsOf[head.Id].Where(i => i.Type == "line_item").Select(Line)],
            Refunds = [.. refundsOf[head.Id].Select(Refund)],
            Coupons = [.. itemsOf[head.Id].Where(i => i.Type == "coupon").Select(i => ShopText.Text(i.Name)).OfType<string>()],
            PaymentMethod = ShopText.Text(head.PaymentMethod),
            CustomerId = ShopText.Id(head.CustomerId),
            Email = ShopText.Text(head.Email),
            Country = ShopText.Text(head.Country),
            Address = ShopText.Text(head.Address),
            Meta = orderMeta,
        }.ToOrder(shop);
    }

    OrderLine Line(ItemRow item)
    {
        var product = ShopText.Id(itemMeta.Of(item.Id).GetValueOrDefault("_product_id"));
        return new OrderLine
        {
            ExternalId = item.Id.ToString(),
            ProductId = product,
            Sku = products.Sku(product, ShopText.Id(itemMeta.Of(item.Id).GetValueOrDefault("_variation_id"))),
            Categories = products.Categories(product),
            Name = ShopText.Text(item.Name),
            Quantity = ShopText.Quantity(Amount(item, "_qty", "quantity")),
            Subtotal = Amount(item, "_line_subtotal", "subtotal"),
            Total = Amount(item, "_line_total", "line total"),
            // WooCommerce sums the rates' taxes itself; _line_tax is rounded.
            Tax = PhpText.Sum(itemMeta.Of(item.Id).GetValueOrDefault("_line_tax_data"), "total") ?? Amount(item, "_line_tax", "line tax"),
        };
    }

    Refund Refund(RefundHead head)
    {
        var refundMeta = meta.Of(head.Id);
        var amount = Math.Abs(ShopText.Amount(refundMeta.GetValueOrDefault("_refund_amount") ?? head.Total ?? refundMeta.GetValueOrDefault("_order_total"), "refund"));
        return new Refund
        {
            ExternalId = head.Id.ToString(),
            Amount = amount,
            Reason = refundMeta.GetValueOrDefault("_refund_reason"),
            OccurredAt = ShopText.Utc(head.Created),
            Lines = RefundLines(head, amount),
        };
    }

    List<RefundLine>? RefundLines(RefundHead head, decimal amount)
    {
        var all = itemsOf[head.Id].ToList();
        // The sum without any item. Or items that amount to nothing: the sum was written beside them.
        if (all.Count == 0 || (amount > 0 && all.All(i => i.Type is "line_item" or "fee" && Amount(i, "_line_total", "refund") == 0)))
            return null;
        var lines = new List<RefundLine>();
        foreach (var item in all.Where(i => i.Type == "line_item"))
        {
            // A plugin's refund that does not say which line it takes back: what is known is its amount.
            if (ShopText.Id(itemMeta.Of(item.Id).GetValueOrDefault("_refunded_item_id")) is not { } line)
                return null;
            var quantity = Math.Abs(ShopText.Quantity(Amount(item, "_qty", "quantity")));
            lines.Add(new RefundLine { ExternalId = line, Amount = Math.Abs(Amount(item, "_line_total", "refund")), Quantity = quantity == 0 ? null : quantity });
        }
        return lines;
    }

    decimal Amount(ItemRow item, string key, string name) => ShopText.Amount(itemMeta.Of(item.Id).GetValueOrDefault(key), name);
}
