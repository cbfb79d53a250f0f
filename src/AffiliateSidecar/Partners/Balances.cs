using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Partners;

/// <summary>What is still open between the program and a partner.</summary>
static class Balances
{
    static readonly string[] Open = ["pending", "held", "approved"];

    /// <summary>Null where nothing is owed, either way, in any currency.</summary>
    public static async Task<Money?> OfAsync(SidecarDb db, int partner, CancellationToken cancel) => (await db.Ledger.Where(l => l.PartnerId == partner && Open.Contains(l.Account)).GroupBy(l => l.Currency)
        .Select(g => new { Currency = g.Key, Sum = g.Sum(l => l.AmountMinor) }).Where(s => s.Sum != 0).FirstOrDefaultAsync(cancel)) is { } sum ? new Money(sum.Sum, sum.Currency) : null;
}
