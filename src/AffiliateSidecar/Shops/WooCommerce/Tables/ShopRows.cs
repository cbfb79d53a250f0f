namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>An order as both storages have it. Amounts and dates are texts: plugins leave garbage in them, and zero dates are no dates.</summary>
sealed record OrderHead
{
    public ulong Id { get; init; }
    public string? Status { get; init; }
    public string? Created { get; init; }
    public string? Updated { get; init; }
    public string? Currency { get; init; }
    public string? Total { get; init; }

    /// <summary>Of lines and fees only.</summary>
    public string? Tax { get; init; }
    public string? ShippingTax { get; init; }
    public string? Shipping { get; init; }
    public string? Discount { get; init; }
    public string? PaymentMethod { get; init; }
    public string? CustomerId { get; init; }
    public string? Email { get; init; }
    public string? Country { get; init; }
    public string? Address { get; init; }

    /// <summary>Without <c>wc-</c>; <c>trash</c> has none.</summary>
    public string PlainStatus => Status?.StartsWith("wc-", StringComparison.Ordinal) == true ? Status[3..] : Status ?? "";
}

/// <summary>A refund: a document like an order, with items and meta of its own.</summary>
sealed record RefundHead
{
    public ulong Id { get; init; }
    public ulong OrderId { get; init; }
    public string? Created { get; init; }
    public string? Total { get; init; }
}

/// <summary>A meta of an order, a refund or an item.</summary>
sealed record MetaRow(ulong Id, ulong Owner, string Name, string? Value, bool MovesMoney);

/// <summary>A line, fee, coupon, shipping or tax of an order or of a refund.</summary>
/// <param name="HasMeta">It is a line or a fee: only their metas are read.</param>
sealed record ItemRow(ulong Id, ulong Owner, string Type, string? Name, bool HasMeta, bool IsCoupon);

/// <summary>What a checksum is made of: a sum of hashes for the meta or the items of one order or refund.</summary>
sealed class HashRow
{
    public ulong Owner { get; init; }
    public decimal Hash { get; set; }
    public long Count { get; set; }
    public string? Total { get; set; }
    public string? Currency { get; set; }
    public string? Refunded { get; set; }

    /// <summary>Of several metas of one name the greatest counts, as the server says it: in any case of letters.</summary>
    public void See(MetaRow row)
    {
        if (row.Name.Equals("_order_total", StringComparison.OrdinalIgnoreCase))
            Total = Greater(Total, row.Value);
        else if (row.Name.Equals("_order_currency", StringComparison.OrdinalIgnoreCase))
            Currency = Greater(Currency, row.Value);
        else if (row.Name.Equals("_refund_amount", StringComparison.OrdinalIgnoreCase))
            Refunded = Greater(Refunded, row.Value);
    }

    static string? Greater(string? known, string? value) => string.CompareOrdinal(value, known) > 0 ? value : known;
}
