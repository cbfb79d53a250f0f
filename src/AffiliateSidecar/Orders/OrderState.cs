using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>
/// Everything known of one order, and how a piece of news changes it. Each rule here gives the same end state for any order of
/// arrival and any number of repetitions.
/// </summary>
sealed class OrderState(string shop, string externalId, OrderKeyRow? key, OrderRow? row, IEnumerable<RefundRow> refunds, IEnumerable<CommissionRow> commissions)
{
    readonly Dictionary<string, RefundRow> reported = refunds.ToDictionary(r => r.ExternalId, StringComparer.Ordinal);

    public OrderKeyRow? Key { get; private set; } = key;
    public OrderRow? Row { get; set; } = row;
    public Order? Newest { get; private set; } = row is null ? null : OrderBody.Read(row.Body);
    public Order? Exact { get; private set; } = row?.ExactBody is null ? null : OrderBody.Read(row.ExactBody);
    public string? NewestHash { get; private set; } = row?.Hash;
    public List<CommissionRow> Commissions { get; } = [.. commissions];

    /// <summary>Statements that may still change who is credited: with the newest, the earliest that names somebody.</summary>
    public List<OrderStated> Statements { get; } = [];

    public List<RefundRow> NewRefunds { get; } = [];
    public bool IsKnownInDatabase { get; } = row is not null;
    public bool MarksChanged { get; private set; }
    public bool Changed { get; private set; }
    public string Actor { get; private set; } = "system";
    public CommissionDecided? Decided { get; private set; }

    public (IntakeStatus Status, string? Reason) Apply(OrderNews news, DateTimeOffset now)
    {
        Actor = news.Actor;
        var outcome = news switch
        {
            OrderStated stated => State(stated),
            OrderTrashed => Trash(now),
            RefundReported reportedRefund => Refund(reportedRefund.Refund, now),
            CommissionDecided decided => Decide(decided),
            _ => (Newest is null ? IntakeStatus.Kept : IntakeStatus.Accepted, null),
        };
        Changed |= Newest is not null && outcome.Item1 == IntakeStatus.Accepted;
        return outcome;
    }

    /// <summary>The order with its exact amounts, its true state and all its refunds.</summary>
    public (Order Order, IReadOnlyCollection<Refund> Refunds) Effective()
    {
        var order = ExactAmounts.Combine(Newest!, Exact);
        // The shop's word for "trashed" has no time. A "restored" beats it, and so does a change made after we had heard of it.
        if (Key is { TrashedAt: { } trashed, RestoredAt: null } && order.UpdatedAt <= trashed)
            order = order with { Status = OrderStatus.Trash };
        var stated = (order.Refunds ?? []).Where(r => !reported.ContainsKey(r.ExternalId));
        return (order, [.. stated, .. reported.Values.Select(r => OrderBody.ReadRefund(r.Body))]);
    }

    (IntakeStatus, string?) State(OrderStated stated)
    {
        var order = stated.Order;
        var body = OrderBody.Write(order);
        var hash = OrderBody.Hash(order, body);
        var marked = stated.Restored && MarkRestored(order.UpdatedAt);
        if (hash == NewestHash)
            return (marked ? IntakeStatus.Accepted : IntakeStatus.Duplicate, null);
        Statements.Add(stated);
        if (Newest is not null && Compare(order.UpdatedAt, hash, Newest.UpdatedAt, NewestHash!) < 0)
        {
            // Old news of the order may still be the first word on who is credited.
            Changed |= MayDecide(order);
            return (KeepExact(order, hash) | marked ? IntakeStatus.Accepted : IntakeStatus.Stale, null);
        }
        if (order.Rounded)
            Exact = Newest is { Rounded: false } ? Newest : Exact;
        else
            Exact = null;
        (Newest, NewestHash) = (order, hash);
        return (IntakeStatus.Accepted, null);
    }

    /// <summary>An older statement is worth keeping where the newest is rounded and this is the newest exact one.</summary>
    bool KeepExact(Order order, string hash)
    {
        if (!Newest!.Rounded || order.Rounded
            || (Exact is not null && Compare(order.UpdatedAt, hash, Exact.UpdatedAt, OrderBody.Hash(Exact, OrderBody.Write(Exact))) <= 0))
            return false;
        Exact = order;
        return true;
    }

    bool MayDecide(Order order) => Row is null || Row.PartnerId is null || order.UpdatedAt <= Row.DecidedFrom;

    bool MarkRestored(DateTimeOffset at)
    {
        if (Key?.RestoredAt >= at)
            return false;
        Key = (Key ?? NewKey()) with { RestoredAt = at };
        return MarksChanged = true;
    }

    (IntakeStatus, string?) Trash(DateTimeOffset now)
    {
        if (Key?.TrashedAt is not null)
            return (IntakeStatus.Duplicate, null);
        Key = (Key ?? NewKey()) with { TrashedAt = now };
        MarksChanged = true;
        return (Newest is null ? IntakeStatus.Kept : IntakeStatus.Accepted, null);
    }

    (IntakeStatus, string?) Refund(Refund refund, DateTimeOffset now)
    {
        if (reported.ContainsKey(refund.ExternalId))
            return (IntakeStatus.Duplicate, null);
        if (Newest is not null && refund.Amount > ExactAmounts.Combine(Newest, Exact).Total)
            return (IntakeStatus.Refused, $"The refund is more than the order's total, {Money.Round(Newest.Total, Newest.Currency)}.");
        var row = new RefundRow
        {
            Shop = shop, OrderExternalId = externalId, ExternalId = refund.ExternalId, Body = OrderBody.WriteRefund(refund), ReceivedAt = now,
        };
        reported.Add(refund.ExternalId, row);
        NewRefunds.Add(row);
        return (Newest is null ? IntakeStatus.Kept : IntakeStatus.Accepted, null);
    }

    (IntakeStatus, string?) Decide(CommissionDecided decided)
    {
        if (Commissions.Count == 0)
            return (IntakeStatus.Refused, "Nobody earns on this order.");
        Decided = decided;
        return (IntakeStatus.Accepted, null);
    }

    OrderKeyRow NewKey() => new() { Shop = shop, ExternalId = externalId, Touched = 0 };

    static int Compare(DateTimeOffset leftAt, string leftHash, DateTimeOffset rightAt, string rightHash) =>
        leftAt != rightAt ? leftAt.CompareTo(rightAt) : string.CompareOrdinal(leftHash, rightHash);

    public Decision StoredDecision => JsonSerializer.Deserialize<Decision>(Row!.Decision, Json.Options)!;
}
