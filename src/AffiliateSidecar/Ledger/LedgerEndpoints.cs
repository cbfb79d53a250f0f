using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AffiliateSidecar.Ledger;

static class LedgerEndpoints
{
    public static IServiceCollection AddLedger(this IServiceCollection services)
    {
        services.AddSingleton<IIntegrityCheck, TransactionsBalance>();
        services.AddSingleton<IIntegrityCheck, CommissionsMatchLedger>();
        services.AddSingleton<IIntegrityCheck, LedgerIsLocked>();
        services.AddSingleton<IIntegrityCheck, SumsMatchLedger>();
        services.AddSingleton<LedgerClosing>().AddHostedService(p => p.GetRequiredService<LedgerClosing>());
        return services;
    }

    public static IEndpointRouteBuilder MapLedger(this IEndpointRouteBuilder api)
    {
        var partner = api.MapGroup("/partners/{id}").WithTags("Ledger");
        partner.MapGet("/balance", Balance).RequireScope(Scope.CommissionsRead);
        partner.MapGet("/ledger", Entries).RequireScope(Scope.CommissionsRead);
        api.MapAdjustments();
        return api;
    }

    /// <summary>Read a partner's balance, one entry a currency.</summary>
    internal static async Task<Results<Ok<BalanceView>, ProblemHttpResult>> Balance(string id, Database database, CancellationToken cancel)
    {
        await using var db = database.Open();
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        if (!await db.Partners.AnyAsync(p => p.Id == number, cancel))
            return Problems.NotFound($"There is no partner '{id}'.");
        var sums = await db.AccountsOf(number).ToListAsync(cancel);
        return TypedResults.Ok(new BalanceView([.. sums.GroupBy(s => s.Currency).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g =>
        {
            string Text(params string[] accounts) => new Money(g.Where(s => accounts.Contains(s.Account)).Sum(s => s.AmountMinor), g.Key).AmountText;
            return new CurrencyBalance(g.Key, Text(Account.Pending), Text(Account.Held), Text(Account.Approved), Text(Account.Paid),
                Text(Account.Pending, Account.Held, Account.Approved));
        })]));
    }

    /// <summary>List a partner's ledger entries, the newest first.</summary>
    /// <remarks>The ledger is append-only. Entries of one transaction sum to zero per currency; the program's side is left out here.</remarks>
    internal static async Task<Results<Ok<Page<LedgerEntryView>>, ProblemHttpResult>> Entries(string id, [AsParameters] PageQuery page, Database database,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var number = PublicId.NumberOf(PublicId.Partner, id) ?? 0;
        if (!await db.Partners.AnyAsync(p => p.Id == number, cancel))
            return Problems.NotFound($"There is no partner '{id}'.");
        var before = page.AfterNumber ?? long.MaxValue;
        var rows = await db.Ledger.Where(l => l.PartnerId == number && l.Account != Account.Program && l.Id < before).OrderByDescending(l => l.Id)
            .Take(page.Take + 1).ToListAsync(cancel);
        return TypedResults.Ok(page.Of(rows, r => r.Id.ToString(), r => new LedgerEntryView
        {
            TransactionId = r.TransactionId, At = r.At, Account = r.Account, Kind = r.Kind, Amount = new(r.AmountMinor, r.Currency), OrderId = r.OrderId, Reference = r.Reference,
            Cause = r.Cause, Actor = r.Actor, RuleVersion = r.RuleVersion,
        }));
    }
}

/// <summary>A partner's money.</summary>
public sealed record BalanceView(IReadOnlyList<CurrencyBalance> Data);

/// <summary>Decimal strings in the currency.</summary>
/// <param name="Currency">The currency.</param>
/// <param name="Pending">Earned, inside the hold period.</param>
/// <param name="Held">Held by a person.</param>
/// <param name="Approved">Ready for the next payout; negative where more was paid than is deserved now.</param>
/// <param name="Paid">Paid out.</param>
/// <param name="Balance">Pending, held and approved together.</param>
public sealed record CurrencyBalance(string Currency, string Pending, string Held, string Approved, string Paid, string Balance);

/// <summary>One entry of the append-only ledger.</summary>
public sealed record LedgerEntryView
{
    public required string TransactionId { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary><c>pending</c>, <c>held</c>, <c>approved</c> or <c>paid</c>.</summary>
    public required string Account { get; init; }

    /// <summary>
    /// <c>earn</c>, <c>adjust</c>, <c>refund</c>, <c>chargeback</c>, <c>bonus</c>, <c>recruit</c>, <c>hold</c>, <c>release</c>, <c>approve</c>, <c>payout</c>, <c>payout_failed</c>
    /// or <c>writeoff</c>.
    /// </summary>
    public required string Kind { get; init; }

    public required Money Amount { get; init; }
    public string? OrderId { get; init; }

    /// <summary>The adjustment, payout, bonus or commission that it belongs to, where it is not an order's.</summary>
    /// <example>pay_06bq3kq2s0v1</example>
    public string? Reference { get; init; }
    public required string Cause { get; init; }
    public required string Actor { get; init; }
    public required int RuleVersion { get; init; }
}
