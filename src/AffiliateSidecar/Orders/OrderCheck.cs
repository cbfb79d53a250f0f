using System.Runtime.CompilerServices;
using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Orders;

/// <summary>Computes every order again from what its shop said, and compares.</summary>
sealed class OrderCheck(CommissionEngine engine, RuleStore rules, Database database) : IIntegrityCheck
{
    const int PageSize = 500;

    public string Name => "every commission is what its order deserves under its rule version";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var after = ""; ;)
        {
            var rows = await db.Orders.Where(o => string.Compare(o.Id, after) > 0).OrderBy(o => o.Id).Take(PageSize).ToListAsync(cancel);
            if (rows.Count == 0)
                yield break;
            after = rows[^1].Id;
            var batch = await OrderBatch.ReadAsync(db, rows, cancel);
            foreach (var row in rows)
            {
                var state = batch.Of(row);
                var (order, refunds) = state.Effective();
                var decision = JsonSerializer.Deserialize<Decision>(row.Decision, Json.Options)!;
                var ruleSet = await RulesAsync(row.RuleVersion, cancel);
                var deserved = engine.Deserve(order, refunds, ruleSet, Earner.Of(decision), await OthersAsync(order, row, ruleSet, cancel));
                if (order.Status != row.Status || deserved.Base.Minor != row.BaseMinor || deserved.Refunded.Minor != row.RefundedMinor)
                    yield return $"Order {row.Id} ({row.Shop}/{row.ExternalId}) is not what its shop said of it.";
                var commission = state.Commissions.FirstOrDefault(c => c.PartnerId == row.PartnerId);
                var expected = commission?.Override == "reverse" ? 0 : deserved.Amount.Minor;
                if (row.PartnerId is not null && (commission is null || commission.AmountMinor != expected || commission.Currency != order.Currency))
                    yield return $"Order {row.Id} ({row.Shop}/{row.ExternalId}) deserves {deserved.Amount}, its commission says "
                        + (commission is null ? "nothing." : $"{new Money(commission.AmountMinor, commission.Currency)}.");
            }
        }
    }

    async ValueTask<OtherOrders> OthersAsync(Order order, OrderRow row, RuleSet ruleSet, CancellationToken cancel)
    {
        if (!ruleSet.AsksOtherOrders)
            return OtherOrders.None;
        await using var db = database.Open();
        return await OtherOrdersQuery.LoadAsync(db, order, row.Id, row.CustomerKey, row.PartnerId, ruleSet, cancel);
    }

    async ValueTask<RuleSet> RulesAsync(int version, CancellationToken cancel)
    {
        await using var db = database.Open();
        return await rules.GetAsync(db, version, cancel);
    }
}
