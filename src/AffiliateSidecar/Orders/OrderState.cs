using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>
/// Everything known of one order, and how a piece of news changes it. Each rule here gives the same end state for any order of
/// arrival and any number of repetitions.
/// </summary>
sealed class OrderState(string shop, string externalId, OrderKeyRow? key, OrderRow? row, IEnumerable<RefundRow> refunds, IReadOnlyCollection<CommissionRow> commissions)
{
    readonly long earnedBefore = commissions.Where(c => c.PartnerId == row?.PartnerId).Sum(c => c.AmountMinor);
    readonly Dictionary<string, RefundRow> reported = refunds.ToDictionary(r => r.ExternalId, StringComparer.Ordinal);

    public OrderKeyRow? Key { get; private set; } = key;
    public OrderRow? Row { get; set; } = row;

    /// <summary>The newest statement made to us; null where only the shop's database has spoken.</summary>
    public Order? Newest { get; private set; } = row is null or { Body: "" } ? null : OrderBody.Read(row.Body);
    public Order? Exact { get; private set; } = row?.ExactBody is null ? null : OrderBody.Read(row.ExactBody);
    public string? NewestHash { get; private set; } = row is null or { Body: "" } ? null : row.Hash;
    public string NewestBody { get; private set; } = row?.Body ?? "";

    /// <summary>What the shop's own database said last.</summary>
    public ShopTruth? Truth { get; private set; } = row is null ? null : ShopTruth.Of(row);

    /// <summary>The same, unless a newer statement counts instead.</summary>
    ShopTruth? CountingTruth => Truth is { } read && (Newest is null || !read.IsOlderThan(Newest)) ? read : null;

    public List<CommissionRow> Commissions { get; } = [.. commissions];

    /// <summary>Statements that may still change who is credited: with the newest, the earliest that names somebody.</summary>
    public List<OrderStated> Statements { get; } = [];

    public List<RefundRow> NewRefunds { get; } = [];
    public bool IsKnownInDatabase { get; } = row is not null;
    public bool MarksChanged { get; private set; }
    public bool Changed { get; private set; }
    public string Actor { get; private set; } = "system";
    public CommissionDecided? Decided { get; private set; }

    /// <summary>As it counted before the shop's database was read.</summary>
    public OrderAtOnce? BeforeReading { get; private set; }

    /// <summary>The shop's database was read and said nothing new.</summary>
    public bool ReadAgain { get; private set; }

    public bool IsKnown => Newest is not null || Truth?.Order is not null;

    /// <summary>The row alone, for reading: what came apart from it (refunds reported one by one, deletions heard of) is not in it.</summary>
    public static OrderState Of(OrderRow row) => new(row.Shop, row.ExternalId, null, row, [], []);

    public (IntakeStatus Status, string? Reason) Apply(OrderNews news, DateTimeOffset now)
    {
        Actor = news.Actor;
        var outcome = news switch
        {
            OrderStated stated => State(stated),
            OrderRead read => Read(read),
            OrderTrashed => Trash(now),
            RefundReported reportedRefund => Refund(reportedRefund.Refund, now),
            CommissionDecided decided => Decide(decided),
            _ => (IsKnown ? IntakeStatus.Accepted : IntakeStatus.Kept, null),
        };
        Changed |= IsKnown && outcome.Item1 == IntakeStatus.Accepted;
        return outcome;
    }

    /// <summary>The order with its exact amounts, its true state and all its refunds.</summary>
    public (Order Order, IReadOnlyCollection<Refund> Refunds) Effective()
    {
        var counts = CountingTruth;
        var order = counts is null ? ExactAmounts.Combine(Newest!, Truth?.Order ?? Exact) : counts.Order ?? Newest!;
        if (counts is { IsGone: true } || IsTrashed(order, counts))
            order = order with { Status = OrderStatus.Trash };
        return (order, counts is null ? Refunds(order) : RefundsOf(counts, order));
    }

    /// <summary>The shop's word for "trashed" has no time. A "restored" beats it, a change made after we had heard of it, and a later look into its database.</summary>
    bool IsTrashed(Order order, ShopTruth? counts) => Key is { TrashedAt: { } trashed, RestoredAt: null }
        && (counts is null ? order.UpdatedAt <= trashed : counts.ReadAt <= trashed);

    Refund[] Refunds(Order order) =>
        [.. (order.Refunds ?? Truth?.Order?.Refunds ?? []).Where(r => !reported.ContainsKey(r.ExternalId)), .. reported.Values.Select(r => OrderBody.ReadRefund(r.Body))];

    /// <summary>What the database does not have was paid back after it was read, or not at all.</summary>
    Refund[] RefundsOf(ShopTruth counts, Order order)
    {
        var stated = order.Refunds ?? [];
        return [.. stated, .. reported.Values.Where(r => r.ReceivedAt > counts.ReadAt && stated.All(s => s.ExternalId != r.ExternalId)).Select(r => OrderBody.ReadRefund(r.Body))];
    }

    (IntakeStatus, string?) Read(OrderRead read)
    {
        if (read.Order is null && !IsKnown)
            return (IntakeStatus.Kept, null);
        if (Truth is not null && read.ReadAt < Truth.ReadAt)
            return ReadLate(read, Truth);
        var before = Truth;
        var counted = IsKnown ? AtOnce() : null;
        Truth = ShopTruth.After(before, read);
        if (before is not null && before.Digest == Truth.Digest && before.Body == Truth.Body)
        {
            ReadAgain = true;
            return (IntakeStatus.Duplicate, null);
        }
        BeforeReading ??= counted;
        if (Truth is { IsGone: false, Order: { } order })
            Statements.Add(new OrderStated(order));
        return (IntakeStatus.Accepted, null);
    }

    /// <summary>A later reading is known; this one may still be the first word on who is credited, or have seen a later change.</summary>
    (IntakeStatus, string?) ReadLate(OrderRead read, ShopTruth truth)
    {
        if (read.Order is not { } order)
            return (IntakeStatus.Stale, null);
        var seen = order.UpdatedAt > truth.UpdatedAt;
        if (seen)
            Truth = truth with { UpdatedAt = order.UpdatedAt };
        if (MayDecide(order))
            Statements.Add(new OrderStated(order));
        else if (!seen)
            return (IntakeStatus.Stale, null);
        return (IntakeStatus.Accepted, null);
    }

    public OrderAtOnce AtOnce()
    {
        var (order, refunds) = Effective();
        return new(order, refunds, CountingTruth is not null);
    }

    /// <summary>What its partner earns; null where nobody does.</summary>
    public CommissionRow? Commission => Commissions.FirstOrDefault(c => c.PartnerId == Row?.PartnerId);

    /// <summary>What the reading of the shop's database has changed in what counts.</summary>
    public OrderDifference? Difference()
    {
        var now = AtOnce();
        var atStake = new Money((Commission?.AmountMinor ?? 0) - earnedBefore, now.Order.Currency);
        return OrderDifference.Between(BeforeReading, now, Truth is { IsGone: true } && now.IsExact, atStake);
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
        (Newest, NewestHash, NewestBody) = (order, hash, body);
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

    bool MayDecide(Order order) => Row is null || Row.PartnerId is null || Row.Method == AttributionMethod.Binding || order.UpdatedAt <= Row.DecidedFrom;

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
        return (IsKnown ? IntakeStatus.Accepted : IntakeStatus.Kept, null);
    }

    (IntakeStatus, string?) Refund(Refund refund, DateTimeOffset now)
    {
        if (reported.ContainsKey(refund.ExternalId))
            return (IntakeStatus.Duplicate, null);
        if (IsKnown && Effective().Order is var order && refund.Amount > order.Total)
            return (IntakeStatus.Refused, $"The refund is more than the order's total, {Money.Round(order.Total, order.Currency)}.");
        var row = new RefundRow
        {
            Shop = shop, OrderExternalId = externalId, ExternalId = refund.ExternalId, Body = OrderBody.WriteRefund(refund), ReceivedAt = now,
        };
        reported.Add(refund.ExternalId, row);
        NewRefunds.Add(row);
        return (IsKnown ? IntakeStatus.Accepted : IntakeStatus.Kept, null);
    }

    (IntakeStatus, string?) Decide(CommissionDecided decided)
    {
        if (Commissions.Count == 0)
            return (IntakeStatus.Refused, "Nobody earns on this order.");
        if (decided.If is { } isMeant && (Commission is not { } commission || !isMeant(commission)))
            return (IntakeStatus.Stale, null);
        Decided = decided;
        return (IntakeStatus.Accepted, null);
    }

    OrderKeyRow NewKey() => new() { Shop = shop, ExternalId = externalId, Touched = 0 };

    static int Compare(DateTimeOffset leftAt, string leftHash, DateTimeOffset rightAt, string rightHash) =>
        leftAt != rightAt ? leftAt.CompareTo(rightAt) : string.CompareOrdinal(leftHash, rightHash);

    public Decision StoredDecision => JsonSerializer.Deserialize<Decision>(Row!.Decision, Json.Options)!;
}
