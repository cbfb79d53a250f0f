using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>
/// The last reading of an order in the shop's own database. A delivery is news, the database is the truth: a reading counts unless a
/// statement is about a later state than any reading has seen.
/// </summary>
/// <param name="Order">As it was last seen there; null where it never was.</param>
/// <param name="Body">The same as canonical JSON.</param>
/// <param name="Digest"><see cref="OrderRow.ShopGone"/> where it is there no more.</param>
/// <param name="UpdatedAt">The latest change that any reading has seen; some changes move no date, and a restored backup moves it back.</param>
/// <param name="ReadAt">By the clock of the shop's database.</param>
sealed record ShopTruth(Order? Order, string? Body, string Digest, DateTimeOffset UpdatedAt, DateTimeOffset ReadAt)
{
    /// <summary>A replica of the shop's database may be this far behind the shop that tells us of a change.</summary>
    static readonly TimeSpan ReplicaLag = TimeSpan.FromMinutes(2);

    public bool IsGone => Digest == OrderRow.ShopGone;

    public static ShopTruth? Of(OrderRow row) => row.ShopReadAt is not { } read ? null : new(
        row.ShopBody is null ? null : OrderBody.Read(row.ShopBody), row.ShopBody, row.ShopDigest!, row.ShopUpdatedAt ?? DateTimeOffset.UnixEpoch, read);

    /// <summary>A statement about that state is newer than what was read.</summary>
    public bool IsOlderThan(Order statement) => statement.UpdatedAt > UpdatedAt && statement.UpdatedAt > ReadAt - ReplicaLag;

    /// <summary>This truth after one more reading.</summary>
    public static ShopTruth After(ShopTruth? known, OrderRead read)
    {
        var seen = known?.UpdatedAt ?? DateTimeOffset.UnixEpoch;
        if (read.Order is not { } order)
            return new(known?.Order, known?.Body, OrderRow.ShopGone, seen, read.ReadAt);
        order = WithKnownCategories(order, known?.Order);
        return new(order, ReferenceEquals(order, read.Order) ? read.Body : OrderBody.Write(order), read.Digest, order.UpdatedAt > seen ? order.UpdatedAt : seen, read.ReadAt);
    }

    /// <summary>A product that changes its category later does not change what was sold: a line keeps what it was first seen with.</summary>
    static Order WithKnownCategories(Order order, Order? known)
    {
        if (known is null)
            return order;
        var lines = known.Lines.DistinctBy(l => l.ExternalId).ToDictionary(l => l.ExternalId, StringComparer.Ordinal);
        return order with
        {
            Lines = [.. order.Lines.Select(l => lines.TryGetValue(l.ExternalId, out var before) && before.ProductId == l.ProductId
                ? l with { Categories = before.Categories }
                : l)],
        };
    }
}
