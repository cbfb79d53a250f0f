using LinqToDB.Data;

namespace AffiliateSidecar.Shops.WooCommerce.Tables;

/// <summary>Where a storage keeps orders, as parts of SQL statements. In all of them the order is <c>o</c>; a date is a text of <c>yyyy-MM-dd HH:mm:ss</c>.</summary>
sealed record OrderTables
{
    /// <summary>Carts that somebody looks at, not orders.</summary>
    public const string Drafts = "('auto-draft', 'draft', 'checkout-draft', 'wc-auto-draft', 'wc-checkout-draft')";

    public required string Prefix { get; init; }

    /// <summary>All tables that are read.</summary>
    public required IReadOnlyList<string> All { get; init; }

    /// <summary><c>SELECT … WHERE …</c> for <see cref="OrderHead"/>.</summary>
    public required string Heads { get; init; }

    /// <summary><c>FROM … WHERE …</c> for orders.</summary>
    public required string Orders { get; init; }

    /// <summary>
    /// The same by their ids. Left to itself the server takes an index of states for a page of ids, reads all that follow it, sorts them and throws all but
    /// the page away: a shop of twice as many orders takes four times as long.
    /// </summary>
    public required string OrdersById { get; init; }

    public required string Id { get; init; }

    /// <summary>A condition: placed since <c>@since</c>, or nobody knows when: it would never be found wrong otherwise.</summary>
    public required string Placed { get; init; }

    /// <summary>A query for the least id of an order placed since <c>@since</c>, by an index; it may be too low, never too high.</summary>
    public required string FirstPlaced { get; init; }

    /// <summary><c>SELECT … WHERE …</c> for <see cref="RefundHead"/>, up to the column of the order's id.</summary>
    public required string Refunds { get; init; }

    /// <summary>Metas of orders and refunds.</summary>
    public required MetaTable Meta { get; init; }

    /// <summary>Those that are read.</summary>
    public required IReadOnlyList<string> MetaKeys { get; init; }

    /// <summary>Those of them that move money.</summary>
    public required IReadOnlyList<string> MoneyKeys { get; init; }

    /// <summary>An order together with what its storage keeps in meta.</summary>
    public required Func<OrderHead, Dictionary<string, string>, OrderHead> Complete { get; init; }

    /// <summary>Metas as parameters of <c>IN (…)</c>.</summary>
    public static (string Sql, DataParameter[] Parameters) Keys(IReadOnlyList<string> keys, string name = "key") =>
        ($"IN ({string.Join(", ", keys.Select((_, i) => $"@{name}{i}"))})", [.. keys.Select((key, i) => new DataParameter($"{name}{i}", key))]);
}
