using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.ReferenceData;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Orders;

/// <summary>Brings the ledger from what is posted for orders to what their newest state deserves.</summary>
sealed class OrderBooking(PartnerDirectory partners, RuleStore rules, CommissionEngine commissions, Attribution attribution, PersonalData personal, DisposableDomains disposable)
{
    /// <param name="asking">The rule versions under which an order needs to know of others; null: none, and every order is booked by itself.</param>
    /// <param name="write">False: only weighed, so nothing is stored and no other order looked at again.</param>
    public async Task BookAsync(SidecarDb db, OrderBatch batch, RuleSet current, IReadOnlyList<RuleSet>? asking, bool write, DateTimeOffset now, CancellationToken cancel)
    {
        var changed = batch.All.Where(s => s.Changed).ToList();
        if (changed.Count == 0)
            return;
        var snapshot = await partners.CurrentAsync(db, cancel);
        var flags = await ClickFlagsOf.LoadAsync(db, changed, cancel);
        if (asking is not null)
        {
            await InTurnAsync(db, batch, changed, new(snapshot, current, asking, flags, write, now), cancel);
            return;
        }
        var posted = await OrderBatch.PostedAsync(db, changed, cancel);
        foreach (var state in changed)
        {
            var ruleSet = state.Row is null ? current : await rules.GetAsync(db, state.Row.RuleVersion, cancel);
            var (order, refunds) = state.Effective();
            Book(batch, state, order, refunds, Decide(state, snapshot, flags, ruleSet, now), OtherOrders.None, ruleSet, [.. state.Row is null ? [] : posted[state.Row.Id]], now);
        }
    }

    sealed record Turn(PartnerSnapshot Partners, RuleSet Current, IReadOnlyList<RuleSet> Asking, ClickFlagsOf Flags, bool Write, DateTimeOffset Now);

    /// <summary>
    /// One after another in the order in which they were placed, each stored before the next is looked at; and then those after it that what has
    /// changed concerns. An order depends only on orders before it, so this ends, and it ends alike whatever came first.
    /// </summary>
    async Task InTurnAsync(SidecarDb db, OrderBatch batch, List<OrderState> changed, Turn turn, CancellationToken cancel)
    {
        var waiting = new SortedDictionary<OrderPlace, (OrderState State, string? Because)>();
        foreach (var state in changed)
            waiting[OrderPlace.Of(state.Effective().Order)] = (state, null);
        while (waiting.Count > 0)
        {
            var (place, (state, because)) = waiting.First();
            waiting.Remove(place);
            var before = await OrderFacts.OfAsync(db, state, cancel);
            await BookOneAsync(db, batch, state, because, turn, cancel);
            if (!turn.Write)
                continue;
            await batch.WriteAsync(db, cancel);
            var after = await OrderFacts.OfAsync(db, state, cancel);
            foreach (var follower in await Followers.OfAsync(db, before, after!, turn.Asking, cancel))
                if (!waiting.ContainsKey(follower))
                    waiting[follower] = (await batch.LoadAsync(db, follower, cancel), $"order {place.Shop}/{place.ExternalId} changed");
        }
    }

    async Task BookOneAsync(SidecarDb db, OrderBatch batch, OrderState state, string? because, Turn turn, CancellationToken cancel)
    {
        var ruleSet = state.Row is null ? turn.Current : await rules.GetAsync(db, state.Row.RuleVersion, cancel);
        var (order, refunds) = state.Effective();
        var stored = state.Row is null ? null : state.StoredDecision;
        var customer = OrderRows.CustomerKey(order, personal);
        var (own, from) = Decide(state, turn.Partners, turn.Flags, ruleSet, turn.Now);
        var decision = await Binding.OverAsync(db, own, stored, order, customer, ruleSet, turn.Partners, cancel);
        var others = await OtherOrdersQuery.LoadAsync(db, order, state.Row?.Id, customer, decision.PartnerId, ruleSet, cancel);
        var posted = await OrderBatch.PostedAsync(db, [state], cancel);
        var countedBefore = state.Commission?.CountsAt;
        var (deserved, commission) = Book(batch, state, order, refunds, (decision, from), others, ruleSet, [.. state.Row is null ? [] : posted[state.Row.Id]], turn.Now, because);
        batch.Save(RuleAmounts.Of(state.Row!, deserved, ruleSet));
        if (!turn.Write)
            return;
        await Recruits.BookAsync(db, batch, state, order, commission, ruleSet, turn.Partners, turn.Now, cancel);
        if (!turn.Asking.Any(s => s.Bonuses.Count > 0))
            return;
        await batch.WriteAsync(db, cancel);
        await Bonuses.BookAsync(db, batch, state, [countedBefore, commission.Row?.CountsAt], rules, turn.Asking, turn.Partners, turn.Now, cancel);
    }

    (Deserved, CommissionState) Book(OrderBatch batch, OrderState state, Order order, IReadOnlyCollection<Refund> refunds, (Decision Decision, DateTimeOffset From) decided,
        OtherOrders others, RuleSet ruleSet, List<Posting> postings, DateTimeOffset now, string? because = null)
    {
        var deserved = commissions.Deserve(order, refunds, ruleSet, Earner.Of(decided.Decision), others);
        var before = state.Row;
        state.Row = OrderRows.Of(state, order, decided, deserved, ruleSet, personal, disposable, now);
        var commission = CommissionState.Of(state, order, deserved, decided.Decision, ruleSet, now);
        batch.Save(state, before, commission, Booking.Difference(postings, commission.Targets, new BookingCause(state.Row.Id,
            Cause(order, state.Decided, because), state.Actor, ruleSet.Version, now, deserved.Refunded.Minor > (before?.RefundedMinor ?? 0))));
        return (deserved, commission);
    }

    static string Cause(Order order, CommissionDecided? decided, string? because) => $"order {order.Shop}/{order.ExternalId} {order.Status}"
        + (decided is null ? "" : $", {decided.Decision}{(decided.IsAutomatic ? "" : " by hand")}: {decided.Reason}") + (because is null ? "" : $", {because}");

    /// <summary>
    /// A decision is made once, by the earliest statement that names somebody: a later edit of the order's attribution does not move it,
    /// and a statement that arrives late but was made before does.
    /// </summary>
    (Decision Decision, DateTimeOffset From) Decide(OrderState state, PartnerSnapshot snapshot, ClickFlagsOf flags, RuleSet ruleSet, DateTimeOffset now)
    {
        var best = state.Row is null ? ((Decision Decision, DateTimeOffset From)?)null : (Binding.Own(state.StoredDecision), state.Row.DecidedFrom);
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
        PartnerId = credit.PartnerId, PartnerCode = snapshot.ById.GetValueOrDefault(credit.PartnerId)?.Code, PartnerGroup = snapshot.ById.GetValueOrDefault(credit.PartnerId)?.Group,
        Method = credit.Method, ClickId = credit.ClickId, ClickedAt = credit.ClickedAt, DecidedAt = now, RuleVersion = ruleSet.Version,
        Candidates = [new(snapshot.ById.GetValueOrDefault(credit.PartnerId)?.Code, credit.Method, "won", "credited in the imported history")],
    };
}
