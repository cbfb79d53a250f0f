using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Messages.Digest;

/// <summary>Orders of the last week that a shop's webhooks had missed or got wrong. They are mended by the sync already; the cause is not.</summary>
sealed class DriftDecisions : IDecisionSource
{
    public string Kind => "drift";

    public async Task<IReadOnlyList<OpenDecision>> FindAsync(SidecarDb db, DigestContext context, CancellationToken cancel)
    {
        var since = context.Now - WeeklyDigest.Rest;
        var shops = await db.ShopDrifts.Where(d => d.FoundAt >= since && d.Cause != "under-way").GroupBy(d => d.Shop)
            .Select(g => new { Shop = g.Key, Orders = g.Count(), Stake = g.Sum(d => d.Currency == context.Currency ? d.AtStakeMinor : 0), Cause = g.Max(d => d.Cause) }).ToListAsync(cancel);
        return [.. shops.Select(s => new OpenDecision(Kind, s.Shop, context.Text("drift.title", ("shop", s.Shop)),
            context.Text("drift.why", ("n", context.Number(s.Orders)), ("cause", Words(s.Cause, context)), ("path", $"GET /v1/shops/{s.Shop}/drift")))
        {
            Answers = ["seen"], MoneyMinor = Math.Abs(s.Stake), MoneyBasis = context.Text("drift.basis"), Urgency = 1.5, Minutes = 15,
        }).OrderByDescending(d => d.MoneyMinor).Take(WeeklyDigest.Most)];
    }

    static string Words(string? cause, DigestContext context) => cause is null ? "" : context.Text($"drift.causes.{cause}");

    /// <summary>What is to be done lies in the shop: here it is only not asked again for a week.</summary>
    public Task<string?> ActAsync(string subject, string answer, CancellationToken cancel) => Task.FromResult<string?>("");

    public Task<bool> UndoAsync(string subject, string note, CancellationToken cancel) => Task.FromResult(true);
}
