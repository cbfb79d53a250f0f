using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Ledger;

/// <summary>What a partner has on one of his accounts.</summary>
sealed record AccountSum
{
    public required string Currency { get; init; }
    public required string Account { get; init; }
    public required long AmountMinor { get; init; }
}

/// <summary>The same of any partner.</summary>
sealed record PartnerAccountSum
{
    public required int PartnerId { get; init; }
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

    /// <summary>The same of all partners.</summary>
    public static IQueryable<PartnerAccountSum> Accounts(this SidecarDb db) =>
        db.LedgerSums.Select(s => new { s.PartnerId, s.Currency, s.Account, s.AmountMinor })
            .Concat(db.Ledger.Where(l => l.Account != Account.Program && l.Id > db.LedgerClosing.Select(c => c.ClosedTo).First()).Select(l => new { l.PartnerId, l.Currency, l.Account, l.AmountMinor }))
            .GroupBy(s => new { s.PartnerId, s.Currency, s.Account })
            .Select(g => new PartnerAccountSum { PartnerId = g.Key.PartnerId, Currency = g.Key.Currency, Account = g.Key.Account, AmountMinor = g.Sum(s => s.AmountMinor) });

    /// <summary>Partners with whom something is open, in any currency and either way.</summary>
    public static async Task<IReadOnlySet<int>> WithBalanceAsync(this SidecarDb db, CancellationToken cancel) =>
        HaveBalance((await db.Accounts().Where(a => a.Account != Account.Paid && a.AmountMinor != 0).ToListAsync(cancel)).Select(a => (a.PartnerId, a.Currency, a.AmountMinor)));

    /// <summary>Whether something is open with this one.</summary>
    public static async Task<bool> HasBalanceAsync(this SidecarDb db, int partner, CancellationToken cancel) =>
        HaveBalance((await db.AccountsOf(partner).Where(a => a.Account != Account.Paid).ToListAsync(cancel)).Select(a => (partner, a.Currency, a.AmountMinor))).Count > 0;

    static HashSet<int> HaveBalance(IEnumerable<(int Partner, string Currency, long Minor)> accounts) =>
        [.. accounts.GroupBy(a => (a.Partner, a.Currency)).Where(g => g.Sum(a => a.Minor) != 0).Select(g => g.Key.Partner)];
}
