using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Ledger;

/// <summary>What an order has put on one account of one partner, or shall have.</summary>
sealed record Posting(int PartnerId, string Currency, string Account, long AmountMinor);

/// <summary>Why entries are made.</summary>
/// <param name="OrderId">Null where the entries are not an order's own.</param>
/// <param name="RefundsGrew">A loss is a refund.</param>
sealed record BookingCause(string? OrderId, string Text, string Actor, int RuleVersion, DateTimeOffset At, bool RefundsGrew)
{
    /// <summary>What entries without an order are for.</summary>
    public string? Reference { get; init; }

    /// <summary>Of such entries; null: found from what changes.</summary>
    public string? Kind { get; init; }
}

/// <summary>
/// The ledger receives differences, never edits: entries that bring an order from what was posted for it to what its newest state
/// deserves. Refunds, repeats, holds and corrections are one and the same code path.
/// </summary>
static class Booking
{
    public static IReadOnlyList<LedgerRow> Difference(IReadOnlyCollection<Posting> posted, IReadOnlyCollection<Posting> target, BookingCause cause)
    {
        var rows = new List<LedgerRow>();
        foreach (var group in posted.Select(p => (Of: p, Sign: -1)).Concat(target.Select(p => (Of: p, Sign: 1))).GroupBy(x => (x.Of.PartnerId, x.Of.Currency)))
        {
            var changes = group.GroupBy(x => x.Of.Account).Select(a => (Account: a.Key, Amount: a.Sum(x => x.Sign * x.Of.AmountMinor)))
                .Where(c => c.Amount != 0).OrderBy(c => c.Account, StringComparer.Ordinal).ToList();
            if (changes.Count == 0)
                continue;
            var total = changes.Sum(c => c.Amount);
            var kind = cause.Kind ?? Kind(group.Where(x => x.Sign < 0).Select(x => x.Of).ToList(), changes, total, cause);
            if (total != 0)
                changes.Add((Account.Program, -total));
            var transaction = PublicId.New(PublicId.Transaction, cause.At);
            rows.AddRange(changes.Select(c => new LedgerRow
            {
                TransactionId = transaction, Account = c.Account, PartnerId = group.Key.PartnerId, Currency = group.Key.Currency, AmountMinor = c.Amount,
                Kind = kind, OrderId = cause.OrderId, Reference = cause.Reference, Cause = cause.Text, Actor = cause.Actor, RuleVersion = cause.RuleVersion, At = cause.At,
            }));
        }
        return rows;
    }

    /// <summary>Move an amount between two accounts of one partner, or between one of his and the program's.</summary>
    public static LedgerRow[] Transfer(Posting amount, string from, string to, string kind, string? reference, string cause, string actor, DateTimeOffset at, int ruleVersion)
    {
        var entry = new LedgerRow
        {
            TransactionId = PublicId.New(PublicId.Transaction, at), Account = to, PartnerId = amount.PartnerId, Currency = amount.Currency,
            AmountMinor = amount.AmountMinor, Kind = kind, Reference = reference, Cause = cause, Actor = actor, RuleVersion = ruleVersion, At = at,
        };
        return [entry with { Account = from, AmountMinor = -amount.AmountMinor }, entry];
    }

    static string Kind(List<Posting> posted, List<(string Account, long Amount)> changes, long total, BookingCause cause)
    {
        if (total == 0)
            return changes.Any(c => c is { Account: Account.Held, Amount: > 0 }) ? EntryKind.Hold
                : changes.Any(c => c is { Account: Account.Held, Amount: < 0 }) ? EntryKind.Release
                : EntryKind.Approve;
        if (posted.Sum(p => p.AmountMinor) == 0 && total > 0)
            return EntryKind.Earn;
        return total < 0 && cause.RefundsGrew ? EntryKind.Refund : EntryKind.Adjust;
    }
}
