using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>
/// The one road from news of an order to the ledger. News may come any number of times, in any order, at the same time, on several
/// nodes: the ledger receives the difference between what the order deserves now and what was booked for it before.
/// </summary>
sealed class OrderIntake : IAsyncDisposable
{
    const int MostAtOnce = 256;

    readonly Database database;
    readonly PartnerDirectory partners;
    readonly RuleStore rules;
    readonly CommissionEngine commissions;
    readonly Attribution attribution;
    readonly PersonalData personal;
    readonly TimeProvider clock;
    readonly GroupCommit<OrderNews, IntakeResult> queue;

    public OrderIntake(Database database, PartnerDirectory partners, RuleStore rules, CommissionEngine commissions, Attribution attribution,
        PersonalData personal, TimeProvider clock)
    {
        (this.database, this.partners, this.rules, this.commissions) = (database, partners, rules, commissions);
        (this.attribution, this.personal, this.clock) = (attribution, personal, clock);
        queue = new(news => AcceptManyAsync(news, CancellationToken.None), MostAtOnce);
    }

    /// <summary>Take in one piece of news; it is stored durably, booked and answered together with whatever else is waiting.</summary>
    public Task<IntakeResult> AcceptAsync(OrderNews news, CancellationToken cancel = default) => queue.AddAsync(news, cancel);

    /// <summary>Take in many pieces of news in one transaction; one result each, in order.</summary>
    public Task<IReadOnlyList<IntakeResult>> AcceptManyAsync(IReadOnlyList<OrderNews> news, CancellationToken cancel = default) =>
        database.WriteAsync(async (db, token) =>
        {
            var batch = await OrderBatch.LoadAsync(db, news, token);
            var results = await ApplyAsync(db, batch, news, token);
            await batch.WriteAsync(db, token);
            return results;
        }, cancel);

    /// <summary>What the news would change, without taking it in.</summary>
    public async Task<IReadOnlyList<IntakeResult>> WeighAsync(IReadOnlyList<OrderNews> news, CancellationToken cancel = default)
    {
        await using var db = database.Open();
        return await ApplyAsync(db, await OrderBatch.ReadAsync(db, news, cancel), news, cancel);
    }

    async Task<IReadOnlyList<IntakeResult>> ApplyAsync(SidecarDb db, OrderBatch batch, IReadOnlyList<OrderNews> news, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var outcomes = news.Select(n => batch.Of(n).Apply(n, now)).ToList();
        await BookAsync(db, batch, now, cancel);
        return [.. news.Zip(outcomes, (n, o) => Result(n, batch.Of(n), o))];
    }

    static IntakeResult Result(OrderNews news, OrderState state, (IntakeStatus Status, string? Reason) outcome) => new(outcome.Status, state.Row, outcome.Reason,
        state.Commission, outcome.Status == IntakeStatus.Accepted && state is { Row: not null, IsKnownInDatabase: false },
        news is OrderRead && outcome.Status == IntakeStatus.Accepted ? state.Difference() : null);

    async Task BookAsync(SidecarDb db, OrderBatch batch, DateTimeOffset now, CancellationToken cancel)
    {
        var changed = batch.All.Where(s => s.Changed).ToList();
        if (changed.Count == 0)
            return;
        var snapshot = await partners.CurrentAsync(db, cancel);
        var current = await rules.CurrentAsync(db, cancel);
        var flags = await ClickFlagsOf.LoadAsync(db, changed, cancel);
        var posted = await OrderBatch.PostedAsync(db, changed, cancel);
        foreach (var state in changed)
        {
            var ruleSet = state.Row is null ? current : await rules.GetAsync(db, state.Row.RuleVersion, cancel);
            var (order, refunds) = state.Effective();
            var decision = Decide(state, snapshot, flags, ruleSet, now);
            var deserved = commissions.Deserve(order, refunds, ruleSet, decision.Decision.PartnerCode ?? "");
            var before = state.Row;
            state.Row = OrderRows.Of(state, order, decision, deserved, ruleSet, personal, now);
            var postings = posted[state.Row.Id].ToList();
            var commission = CommissionState.Of(state, order, deserved, ruleSet, now);
            batch.Save(state, before, commission, Booking.Difference(postings, commission.Targets, new BookingCause(state.Row.Id,
                Cause(order, state.Decided), state.Actor, ruleSet.Version, now, deserved.Refunded.Minor > (before?.RefundedMinor ?? 0))));
        }
    }

    static string Cause(Order order, CommissionDecided? decided) => $"order {order.Shop}/{order.ExternalId} {order.Status}"
        + (decided is null ? "" : $", {decided.Decision} by hand: {decided.Reason}");

    /// <summary>
    /// A decision is made once, by the earliest statement that names somebody: a later edit of the order's attribution does not move it,
    /// and a statement that arrives late but was made before does.
    /// </summary>
    (Decision Decision, DateTimeOffset From) Decide(OrderState state, PartnerSnapshot snapshot, ClickFlagsOf flags, RuleSet ruleSet, DateTimeOffset now)
    {
        var best = state.Row is null ? ((Decision Decision, DateTimeOffset From)?)null : (state.StoredDecision, state.Row.DecidedFrom);
        foreach (var stated in state.Statements)
        {
            var made = (stated.Credit is { } credit ? Imported(credit, snapshot, ruleSet, now)
                : attribution.Decide(stated.Order, snapshot, flags.Of, ruleSet, now), stated.Order.UpdatedAt);
            if (best is not { } known || Precedes(made, known))
                best = made;
        }
        return best!.Value;
    }

    static bool Precedes((Decision Decision, DateTimeOffset From) made, (Decision Decision, DateTimeOffset From) known) =>
        (made.Decision.PartnerId, known.Decision.PartnerId) switch
        {
            (null, null) => made.From > known.From,
            (null, _) => false,
            (_, null) => true,
            var (mine, theirs) => made.From < known.From || (made.From == known.From && mine < theirs),
        };

    static Decision Imported(ImportedCredit credit, PartnerSnapshot snapshot, RuleSet ruleSet, DateTimeOffset now) => new()
    {
        PartnerId = credit.PartnerId, PartnerCode = snapshot.ById.GetValueOrDefault(credit.PartnerId)?.Code, Method = credit.Method, ClickId = credit.ClickId,
        ClickedAt = credit.ClickedAt, DecidedAt = now, RuleVersion = ruleSet.Version,
        Candidates = [new(snapshot.ById.GetValueOrDefault(credit.PartnerId)?.Code, credit.Method, "won", "credited in the imported history")],
    };

    public ValueTask DisposeAsync() => queue.DisposeAsync();
}
