using AffiliateSidecar.Orders;
namespace AffiliateSidecar.Shops.Reading;

/// <summary>
/// Reads orders from a shop's own database: with SELECTs, in short snapshots that lock nothing. One per kind of shop and storage.
/// </summary>
interface IShopReader
{
    /// <summary><c>hpos</c>, <c>legacy</c> or <c>views</c>: a cursor of one means nothing to another.</summary>
    string Name { get; }

    /// <summary>Orders that have changed since the cursor, oldest change first, a little overlapping with what was seen before.</summary>
    /// <param name="cursor">What the last call gave; null: from now on.</param>
    /// <param name="thorough">Look also where no index leads: for once an hour, not for every minute.</param>
    Task<ShopChanges> ChangesAsync(string? cursor, int most, CancellationToken cancel, bool thorough = false);

    /// <summary>
    /// What the orders amount to, by id, cheaply: for all orders placed since then and with an id after <paramref name="afterId"/>.
    /// The order of ids is the database's own.
    /// </summary>
    Task<IReadOnlyList<OrderDigest>> DigestsAsync(string? afterId, DateTimeOffset placedSince, int most, CancellationToken cancel);

    /// <summary>All orders with an id after <paramref name="afterId"/>, for reading them one and all; with their digests where those come along.</summary>
    async Task<(IReadOnlyList<string> Ids, IReadOnlyDictionary<string, OrderDigest>? Digests)> IdsAsync(string? afterId, int most, CancellationToken cancel)
    {
        var digests = await DigestsAsync(afterId, DateTimeOffset.MinValue, most, cancel);
        return ([.. digests.Select(d => d.Id)], digests.ToDictionary(d => d.Id, StringComparer.Ordinal));
    }

    /// <summary>The orders whole, one result for each id: also for one that is gone, or that cannot be read.</summary>
    /// <param name="digests">Digests known already; those of other ids are read along.</param>
    Task<IReadOnlyList<OrderReading>> ReadAsync(IReadOnlyCollection<string> ids, IReadOnlyDictionary<string, OrderDigest>? digests, CancellationToken cancel);

    /// <summary>Which of the ids are orders there.</summary>
    Task<IReadOnlySet<string>> ExistingAsync(IReadOnlyCollection<string> ids, CancellationToken cancel);

    /// <summary>About how many orders were placed since then, for a progress bar.</summary>
    Task<long> CountAsync(DateTimeOffset placedSince, CancellationToken cancel);
}

/// <param name="Changed">Orders with the time of their change; the same order may come again.</param>
/// <param name="Cursor">Where to go on.</param>
/// <param name="More">There is more now.</param>
sealed record ShopChanges(IReadOnlyList<(string Id, DateTimeOffset? UpdatedAt)> Changed, string Cursor, bool More);

/// <summary>What an order amounts to. Two digests of one order are equal exactly if nothing that concerns money has changed.</summary>
/// <param name="Id">The shop's id of the order.</param>
/// <param name="Status">Without <c>wc-</c>.</param>
/// <param name="Total">As in <see cref="Order.Total"/>.</param>
/// <param name="Refunds">How many refunds it has.</param>
/// <param name="Refunded">Their sum, positive.</param>
/// <param name="UpdatedAt">The shop's time of the last change; null where it has none.</param>
/// <param name="Checksum">Over all lines, taxes, fees, coupons and refunded lines.</param>
sealed record OrderDigest(string Id, string Status, string Currency, decimal Total, int Refunds, decimal Refunded, DateTimeOffset? UpdatedAt, string Checksum)
{
    /// <summary>As it is stored; at most 190 characters.</summary>
    public string Text => FormattableString.Invariant(
        $"{Status}|{Currency}|{Total:0.########}|{Refunds}|{Refunded:0.########}|{UpdatedAt?.UtcDateTime:yyyyMMddHHmmss}|{Checksum}");
}

/// <summary>One order as the shop's database has it.</summary>
/// <param name="Id">The shop's id of the order.</param>
/// <param name="Order">Exact, with all refunds and their lines; null where there is none, or where it cannot be read.</param>
/// <param name="Digest">Null where it is gone.</param>
/// <param name="ReadAt">Just before the snapshot began, by the clock of the shop's database.</param>
/// <param name="Problem">Why it cannot be read, for the owner and without personal data; null where it can, or is gone.</param>
sealed record OrderReading(string Id, Order? Order, OrderDigest? Digest, DateTimeOffset ReadAt, string? Problem = null)
{
    public bool IsGone => Order is null && Problem is null;

    /// <summary>The order as canonical JSON. Written where orders are read, side by side, and not where they wait for one another.</summary>
    public string? Body { get; } = Order is null ? null : OrderBody.Write(Order);
}
