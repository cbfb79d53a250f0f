using AffiliateSidecar.Commissions;
using AffiliateSidecar.Storage;
using LinqToDB.Data;

namespace AffiliateSidecar.Orders;

/// <summary>
/// The one road from news of an order to the ledger. News may come any number of times, in any order, at the same time, on several
/// nodes: the ledger receives the difference between what the order deserves now and what was booked for it before.
/// </summary>
sealed class OrderIntake : IAsyncDisposable
{
    const int MostAtOnce = 256;

    readonly Database database;
    readonly RuleStore rules;
    readonly OrderBooking booking;
    readonly TimeProvider clock;
    readonly GroupCommit<OrderNews, IntakeResult> queue;

    public OrderIntake(Database database, RuleStore rules, OrderBooking booking, TimeProvider clock)
    {
        (this.database, this.rules, this.booking, this.clock) = (database, rules, booking, clock);
        queue = new(news => AcceptManyAsync(news, CancellationToken.None), MostAtOnce);
    }

    /// <summary>Take in one piece of news; it is stored durably, booked and answered together with whatever else is waiting.</summary>
    public Task<IntakeResult> AcceptAsync(OrderNews news, CancellationToken cancel = default) => queue.AddAsync(news, cancel);

    /// <summary>Take in many pieces of news in one transaction; one result each, in order.</summary>
    public Task<IReadOnlyList<IntakeResult>> AcceptManyAsync(IReadOnlyList<OrderNews> news, CancellationToken cancel = default) =>
        database.WriteAsync(async (db, token) =>
        {
            var current = await rules.CurrentAsync(db, token);
            var asking = await rules.AskingOtherOrdersAsync(db, current, token);
            if (asking is not null)
                await TakeTurnAsync(db, token);
            var batch = await OrderBatch.LoadAsync(db, news, token);
            var results = await ApplyAsync(db, batch, news, current, asking, true, token);
            await batch.WriteAsync(db, token);
            return results;
        }, cancel);

    /// <summary>What the news would change, without taking it in.</summary>
    public async Task<IReadOnlyList<IntakeResult>> WeighAsync(IReadOnlyList<OrderNews> news, CancellationToken cancel = default)
    {
        await using var db = database.Open();
        var current = await rules.CurrentAsync(db, cancel);
        return await ApplyAsync(db, await OrderBatch.ReadAsync(db, news, cancel), news, current, await rules.AskingOtherOrdersAsync(db, current, cancel), false, cancel);
    }

    /// <summary>
    /// Where orders ask for one another, all of them are booked in turn: whoever comes later waits here, before he has read or locked anything, and then
    /// sees what the other has booked. Counting up makes it a change that a cluster certifies. SQLite has one writer anyway.
    /// </summary>
    static async Task TakeTurnAsync(SidecarDb db, CancellationToken cancel)
    {
        if (!db.IsSqlite)
            await db.ExecuteAsync("insert into afs_settings (name, value) values ('orders-in-turn', '1') on duplicate key update value = value + 1", cancel);
    }

    async Task<IReadOnlyList<IntakeResult>> ApplyAsync(SidecarDb db, OrderBatch batch, IReadOnlyList<OrderNews> news, RuleSet current, IReadOnlyList<RuleSet>? asking,
        bool write, CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        var outcomes = news.Select(n => batch.Of(n).Apply(n, now)).ToList();
        await booking.BookAsync(db, batch, current, asking, write, now, cancel);
        return [.. news.Zip(outcomes, (n, o) => Result(n, batch.Of(n), o))];
    }

    static IntakeResult Result(OrderNews news, OrderState state, (IntakeStatus Status, string? Reason) outcome) => new(outcome.Status, state.Row, outcome.Reason,
        state.Commission, outcome.Status == IntakeStatus.Accepted && state is { Row: not null, IsKnownInDatabase: false },
        news is OrderRead && outcome.Status == IntakeStatus.Accepted ? state.Difference() : null);

    public ValueTask DisposeAsync() => queue.DisposeAsync();
}
