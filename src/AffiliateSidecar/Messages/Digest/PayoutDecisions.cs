using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Payouts;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Balances that are due and in no batch.</summary>
sealed class PayoutDecisions(PayoutRun run, Settlement settlement, RuleStore rules) : IDecisionSource
{
    public string Kind => "payout";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        if (await db.Payouts.AnyAsync(p => p.OpenKey == context.Currency, cancel))
            return [];
        var minimum = Money.RoundToMinor((await rules.CurrentAsync(db, cancel)).Program.MinimumIn(context.Currency), context.Currency);
        var approved = db.Partners.Where(p => p.Status == PartnerStatus.Approved).Select(p => p.Id);
        var due = await db.Accounts().Where(a => a.Currency == context.Currency && a.Account == Account.Approved && approved.Contains(a.PartnerId) && a.AmountMinor >= minimum && a.AmountMinor > 0).Select(a => a.AmountMinor).ToListAsync(cancel);
        var last = await db.Payouts.Where(p => p.Currency == context.Currency && p.Status == PayoutStatus.Paid).OrderByDescending(p => p.CreatedAt).Select(p => (DateTimeOffset?)p.CreatedAt).FirstOrDefaultAsync(cancel);
        return due.Count == 0 ? [] : [new(Kind, context.Currency, context.Text(due.Count == 1 ? "payout.title_one" : "payout.title", ("money", context.Say(due.Sum())), ("n", context.Number(due.Count))),
            $"{(last is { } day ? context.Text("payout.last", ("day", context.Say(day))) : context.Text("payout.never"))} {context.Text("payout.draft")}")
        {
            Answers = ["create"], MoneyMinor = due.Sum(), MoneyBasis = context.Text("payout.basis"), Urgency = last is null || context.Now - last > TimeSpan.FromDays(30) ? 2 : 1, Minutes = 10,
        }];
    }

    public async Task<string?> ActAsync(string subject, string answer, CancellationToken cancel)
    {
        var (batch, isNew) = await run.CreateAsync(new(subject, null, null, null, null, null, "owner"), cancel);
        return isNew && batch.Status == PayoutStatus.Draft ? batch.Id : null;
    }

    public async Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) => (await settlement.CancelAsync(note, cancel)).Refused is null;
}
