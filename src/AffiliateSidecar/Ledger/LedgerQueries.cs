using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Ledger;

/// <summary>What a partner has on one of his accounts.</summary>
sealed record AccountSum
{
    public required string Currency { get; init; }
    public required string Account { get; init; }
    public required long AmountMinor { get; init; }
}

static class LedgerQueries
{
    /// <summary>What a partner has on each of his accounts: what is summed up already, and the entries since.</summary>
    public static IQueryable<AccountSum> AccountsOf(this SidecarDb db, int partner) =>
        db.LedgerSums.Where(s => s.PartnerId == partner).Select(s => new { s.Currency, s.Account, s.AmountMinor })
            .Concat(db.Ledger.Where(l => l.PartnerId == partner && l.Account != Account.Program && l.Id > db.LedgerClosing.Select(c => c.ClosedTo).First())
                .Select(l => new { l.Currency, l.Account, l.AmountMinor }))
            .GroupBy(s => new { s.Currency, s.Account })
            .Select(g => new AccountSum { Currency = g.Key.Currency, Account = g.Key.Account, AmountMinor = g.Sum(s => s.AmountMinor) });
}
