using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>Where the money an order deserves belongs now, and the commission row that says so.</summary>
/// <param name="Row">Null where nobody is credited.</param>
/// <param name="IsNew">The row is not in the database yet.</param>
/// <param name="Targets">What the ledger shall show for the order, account by account.</param>
sealed record CommissionState(CommissionRow? Row, bool IsNew, IReadOnlyList<Posting> Targets)
{
    /// <summary>Where the commission lies.</summary>
    public string Account { get; private init; } = Ledger.Account.Pending;

    public static CommissionState Of(OrderState state, Order order, Deserved deserved, Decision credit, RuleSet rules, DateTimeOffset now)
    {
        if (state.Row!.PartnerId is not { } partner)
            return new(null, false, []);
        var known = state.Commissions.FirstOrDefault(c => c.PartnerId == partner);
        var (decision, reason) = Override(known, state.Decided);
        DateTimeOffset? decidedAt = decision is null ? null : state.Decided is null ? known?.OverrideAt : now;
        var amount = decision == "reverse" ? 0 : deserved.Amount.Minor;
        var matures = Later(order.PlacedAt, rules.Program.For(Earner.Of(credit)).HoldDays);
        var account = decision == "hold" ? Ledger.Account.Held : decision == "approve" || now >= matures ? Ledger.Account.Approved : Ledger.Account.Pending;
        // A payout takes from the partner's approved balance as a whole: what a paid order deserves less is owed back there, and netted in the next one.
        var status = Status(order, deserved, decision, account, known);
        var row = new CommissionRow
        {
            Id = known?.Id ?? PublicId.New(PublicId.Commission, now),
            OrderId = state.Row.Id,
            PartnerId = partner,
            Currency = order.Currency,
            AmountMinor = amount,
            Status = status,
            MaturesAt = matures,
            Override = decision,
            OverrideReason = reason,
            OverrideAt = decidedAt,
            CountsAt = CountsAt(decision, decidedAt, order.PlacedAt, matures),
            NetMinor = decision == "reverse" ? 0 : deserved.NetSales.Minor,
            Explanation = JsonSerializer.Serialize(deserved.Explanation, Json.Options),
            RuleVersion = rules.Version,
            ApprovedAt = status is CommissionStatus.Approved or CommissionStatus.Paid ? known?.ApprovedAt ?? now : null,
            PayoutId = known?.PayoutId,
            CreatedAt = known?.CreatedAt ?? now,
            UpdatedAt = now,
        };
        return new(row, known is null, [new(partner, order.Currency, account, amount)]) { Account = account };
    }

    /// <summary>Never before the order was placed, so that only later orders see it.</summary>
    static DateTimeOffset? CountsAt(string? decision, DateTimeOffset? decidedAt, DateTimeOffset placed, DateTimeOffset matures) => decision switch
    {
        "hold" or "reverse" => null,
        "approve" when decidedAt < matures => decidedAt < placed ? placed : decidedAt,
        _ => matures,
    };

    static string Status(Order order, Deserved deserved, string? decision, string account, CommissionRow? known)
    {
        if (known?.PayoutId is not null)
            return CommissionStatus.Paid;
        if (OrderStatus.Reverses(order.Status) || deserved.FullyRefunded || decision == "reverse")
            return CommissionStatus.Reversed;
        if (!OrderStatus.Earns(order.Status, order.PaymentMethod))
            return CommissionStatus.Pending;
        return account switch
        {
            Ledger.Account.Held => CommissionStatus.Held,
            Ledger.Account.Approved => CommissionStatus.Approved,
            _ => CommissionStatus.Pending,
        };
    }

    static (string? Decision, string? Reason) Override(CommissionRow? known, CommissionDecided? decided) => decided switch
    {
        null => (known?.Override, known?.OverrideReason),
        { Decision: "release" } => (null, decided.Reason),
        _ => (decided.Decision, decided.Reason),
    };

    static DateTimeOffset Later(DateTimeOffset time, int days) =>
        time > DateTimeOffset.MaxValue.AddDays(-days - 1) ? DateTimeOffset.MaxValue : time.AddDays(days);
}
