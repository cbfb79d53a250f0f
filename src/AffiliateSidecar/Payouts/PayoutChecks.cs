using System.Runtime.CompilerServices;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Payouts;

/// <summary>What a line says was paid is what the ledger has of it, once.</summary>
sealed class PayoutsMatchLedger : IIntegrityCheck
{
    public string Name => "every paid line of a payout is in the ledger once";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        var booked = db.Ledger.Where(l => l.Account == Account.Paid && l.Reference != null).GroupBy(l => new { l.Reference, l.PartnerId })
            .Select(g => new { g.Key.Reference, g.Key.PartnerId, Sum = g.Sum(l => l.AmountMinor) });
        var differing = from line in db.PayoutLines
                        from b in booked.Where(b => b.Reference == line.PayoutId && b.PartnerId == line.PartnerId).DefaultIfEmpty()
                        let paid = line.Status == LineStatus.Paid ? line.AmountMinor : 0
                        where paid != (Sql.ToNullable(b.Sum) ?? 0)
                        select new { line.PayoutId, line.PartnerId, Paid = paid, Booked = Sql.ToNullable(b.Sum) ?? 0 };
        await foreach (var d in differing.AsAsyncEnumerable().WithCancellation(cancel))
            yield return $"Payout {d.PayoutId} has paid {d.Paid} minor units to {PublicId.Of(PublicId.Partner, d.PartnerId)}, the ledger says {d.Booked}.";
    }
}
