using System.Text.Json;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Payouts;

/// <summary>What a partner earned and was paid in a time, one account a currency.</summary>
public sealed record Statement
{
    /// <summary>The partner's id.</summary>
    public required string Partner { get; init; }
    public required string PartnerCode { get; init; }
    public required string Name { get; init; }
    public required DateTimeOffset From { get; init; }

    /// <summary>Not included.</summary>
    public required DateTimeOffset To { get; init; }
    public required IReadOnlyList<StatementAccount> Accounts { get; init; }
}

/// <summary>One currency of a statement.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Opening">What was owed at the beginning: pending, held and approved together.</param>
/// <param name="Closing">What is owed at the end.</param>
/// <param name="Rows">Whatever changed it, the oldest first. Approvals and holds change nothing and are left out.</param>
public sealed record StatementAccount(string Currency, Money Opening, Money Closing, IReadOnlyList<StatementRow> Rows);

/// <summary>One change of the balance.</summary>
public sealed record StatementRow
{
    public required DateTimeOffset At { get; init; }

    /// <summary><c>earn</c>, <c>adjust</c>, <c>refund</c>, <c>chargeback</c>, <c>bonus</c>, <c>recruit</c>, <c>payout</c>, <c>payout_failed</c> or <c>writeoff</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The shop's number of the order; null where it is none.</summary>
    public string? Order { get; init; }

    /// <summary>The reason, for what is no order's.</summary>
    public string? Text { get; init; }
    public required Money Amount { get; init; }

    /// <summary>What is owed after it.</summary>
    public required Money Balance { get; init; }

    /// <summary>How the order's commission comes about as it stands now, line by line.</summary>
    public required IReadOnlyList<StatementStep> Lines { get; init; }
}

/// <summary>One step from a line of an order to what it earns.</summary>
/// <param name="Step"><c>line</c>, or <c>refund</c> where some of it came back.</param>
/// <param name="Line">The line's id in the order.</param>
/// <param name="Name">What was sold.</param>
/// <param name="Rule">The rule that decided; null for a refund.</param>
/// <param name="Text">The step in words.</param>
/// <param name="Amount">What the line earns after it.</param>
public sealed record StatementStep(string Step, string Line, string Name, string? Rule, string Text, Money Amount);

/// <summary>Makes statements from the ledger.</summary>
static class Statements
{
    static readonly string[] Owed = [Account.Pending, Account.Held, Account.Approved];

    /// <summary>Null where there is no such partner.</summary>
    public static async Task<Statement?> OfAsync(SidecarDb db, int partner, DateTimeOffset from, DateTimeOffset to, CancellationToken cancel)
    {
        if (await db.Partners.FirstOrDefaultAsync(p => p.Id == partner, cancel) is not { } row)
            return null;
        var opening = await db.Ledger.Where(l => l.PartnerId == partner && Owed.Contains(l.Account) && l.At < from).GroupBy(l => l.Currency)
            .Select(g => new { Currency = g.Key, Sum = g.Sum(l => l.AmountMinor) }).ToDictionaryAsync(s => s.Currency, s => s.Sum, cancel);
        var entries = await db.Ledger.Where(l => l.PartnerId == partner && Owed.Contains(l.Account) && l.At >= from && l.At < to).OrderBy(l => l.Id).ToListAsync(cancel);
        var changes = entries.GroupBy(l => (l.TransactionId, l.Currency)).Select(g => (Entry: g.First(), Amount: g.Sum(l => l.AmountMinor))).Where(c => c.Amount != 0).ToList();
        var orders = await OrdersAsync(db, partner, [.. changes.Select(c => c.Entry.OrderId).OfType<string>().Distinct()], cancel);
        return new Statement
        {
            Partner = PublicId.Of(PublicId.Partner, partner), PartnerCode = row.Code, Name = row.Name, From = from, To = to,
            Accounts = [.. opening.Where(o => o.Value != 0).Select(o => o.Key).Union(changes.Select(c => c.Entry.Currency)).Order(StringComparer.Ordinal)
                .Select(currency => AccountOf(currency, opening.GetValueOrDefault(currency), changes.Where(c => c.Entry.Currency == currency), orders))],
        };
    }

    static StatementAccount AccountOf(string currency, long opening, IEnumerable<(LedgerRow Entry, long Amount)> changes, Dictionary<string, (string Number, IReadOnlyList<StatementStep> Lines)> orders)
    {
        var balance = opening;
        var rows = changes.OrderBy(c => c.Entry.At).ThenBy(c => c.Entry.Id).Select(c => new StatementRow
        {
            At = c.Entry.At, Kind = c.Entry.Kind, Order = c.Entry.OrderId is { } id ? orders[id].Number : null, Text = c.Entry.OrderId is null ? TextOf(c.Entry) : null,
            Amount = new(c.Amount, currency), Balance = new(balance += c.Amount, currency), Lines = c.Entry is { OrderId: { } order, Kind: EntryKind.Earn } ? orders[order].Lines : [],
        }).ToList();
        return new(currency, new(opening, currency), new(balance, currency), rows);
    }

    // The kind says already that it was paid.
    static string TextOf(LedgerRow entry) =>
        entry.Kind == EntryKind.Payout && entry.Cause.StartsWith(Settlement.PaidBy, StringComparison.Ordinal) ? entry.Cause[Settlement.PaidBy.Length..] : entry.Cause;

    static async Task<Dictionary<string, (string Number, IReadOnlyList<StatementStep> Lines)>> OrdersAsync(SidecarDb db, int partner, string[] ids, CancellationToken cancel)
    {
        var orders = new Dictionary<string, (string, IReadOnlyList<StatementStep>)>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(500))
            foreach (var found in await (from o in db.Orders
                                         from c in db.Commissions.Where(c => c.OrderId == o.Id && c.PartnerId == partner).DefaultIfEmpty()
                                         where some.Contains(o.Id)
                                         select new { o.Id, o.ExternalId, Body = o.ShopBody ?? o.Body, c.Explanation }).ToListAsync(cancel))
                orders[found.Id] = (found.ExternalId, found.Explanation is null ? [] : LinesOf(found.Body.Length > 0 ? OrderBody.Read(found.Body).Lines : [], JsonSerializer.Deserialize<IReadOnlyList<ExplanationStep>>(found.Explanation, Json.Options)!));
        return orders;
    }

    static IReadOnlyList<StatementStep> LinesOf(IReadOnlyList<OrderLine> lines, IEnumerable<ExplanationStep> steps) =>
        [.. from step in steps
            where step.Line is not null
            let line = step.Line
            select new StatementStep(step.Step, line, lines.FirstOrDefault(l => l.ExternalId == line)?.Name ?? line, step.Rule, step.Text, step.Amount)];
}
