using System.Runtime.CompilerServices;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Ledger;

/// <summary>Double entry: what one account gains another loses.</summary>
sealed class TransactionsBalance : IIntegrityCheck
{
    public string Name => "every ledger transaction sums to zero per currency";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        var broken = db.Ledger.GroupBy(l => new { l.TransactionId, l.Currency })
            .Select(g => new { g.Key.TransactionId, g.Key.Currency, Sum = g.Sum(l => l.AmountMinor) }).Where(t => t.Sum != 0);
        await foreach (var t in broken.AsAsyncEnumerable().WithCancellation(cancel))
            yield return $"Transaction {t.TransactionId} sums to {new Money(t.Sum, t.Currency)}.";
    }
}

/// <summary>A commission row is a summary of the ledger; they must say the same.</summary>
sealed class CommissionsMatchLedger : IIntegrityCheck
{
    public string Name => "every commission is what the ledger shows for its order and partner";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        var posted = db.Ledger.Where(l => l.OrderId != null && l.Account != Account.Program).GroupBy(l => new { l.OrderId, l.PartnerId, l.Currency })
            .Select(g => new { g.Key.OrderId, g.Key.PartnerId, g.Key.Currency, Sum = g.Sum(l => l.AmountMinor) });
        var differing = from c in db.Commissions
                        from p in posted.Where(p => p.OrderId == c.OrderId && p.PartnerId == c.PartnerId && p.Currency == c.Currency).DefaultIfEmpty()
                        where (Sql.ToNullable(p.Sum) ?? 0) != c.AmountMinor
                        select new { c.Id, c.Currency, c.AmountMinor, Posted = Sql.ToNullable(p.Sum) ?? 0 };
        await foreach (var d in differing.AsAsyncEnumerable().WithCancellation(cancel))
            yield return $"Commission {d.Id} says {new Money(d.AmountMinor, d.Currency)}, the ledger {new Money(d.Posted, d.Currency)}.";
        var orphans = from p in posted
                      from c in db.Commissions.Where(c => p.OrderId == c.OrderId && p.PartnerId == c.PartnerId && p.Currency == c.Currency).DefaultIfEmpty()
                      where c.Id == null && p.Sum != 0
                      select p;
        await foreach (var p in orphans.AsAsyncEnumerable().WithCancellation(cancel))
            yield return $"The ledger shows {new Money(p.Sum, p.Currency)} for order {p.OrderId}, but there is no commission of that partner and currency.";
    }
}

/// <summary>Nobody can change an entry, not even with the database's own client.</summary>
sealed class LedgerIsLocked : IIntegrityCheck
{
    public string Name => "the database refuses to change or delete ledger entries";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        await Task.CompletedTask;
        if (!LedgerLock.IsOn(db))
            yield return "The triggers that protect afs_ledger are missing: run `db migrate`, which makes them or says what is in the way.";
    }
}

/// <summary>Balances are read from sums of what is long settled.</summary>
sealed class SumsMatchLedger : IIntegrityCheck
{
    public string Name => "every sum of settled entries is what the ledger shows";

    public async IAsyncEnumerable<string> FindAsync(SidecarDb db, [EnumeratorCancellation] CancellationToken cancel)
    {
        // One statement, since the sums may move meanwhile.
        var differing = db.LedgerSums.Select(s => new { s.PartnerId, s.Currency, s.Account, s.AmountMinor })
            .Concat(db.Ledger.Where(l => l.Account != Account.Program && l.Id <= db.LedgerClosing.Select(c => c.ClosedTo).First())
                .Select(l => new { l.PartnerId, l.Currency, l.Account, AmountMinor = -l.AmountMinor }))
            .GroupBy(s => new { s.PartnerId, s.Currency, s.Account })
            .Select(g => new { g.Key.PartnerId, g.Key.Currency, g.Key.Account, Difference = g.Sum(s => s.AmountMinor) }).Where(g => g.Difference != 0);
        await foreach (var d in differing.AsAsyncEnumerable().WithCancellation(cancel))
            yield return $"The summed {d.Account} entries of partner {PublicId.Of(PublicId.Partner, d.PartnerId)} are {new Money(d.Difference, d.Currency)} off.";
    }
}
