using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Fraud;

/// <summary>
/// What cases do to commissions: hold, release, reverse. Always by the way of the order intake, and each step may be taken again: what is done already is
/// not found a second time. Nothing that is approved or paid is touched, nor what a person has decided of a single commission.
/// </summary>
sealed class CaseMoney(Database database, OrderIntake intake, PersonalData personal, TimeProvider clock)
{
    public const string Scan = "fraud-scan";
    const string OwnPurchase = "own purchase: the customer's e-mail address is the partner's";
    const int AtOnce = 250;

    /// <summary>The reason that marks a commission as held or reversed for the case.</summary>
    public static string Reason(string caseId) => $"fraud alert {caseId}";

    /// <summary>Hold what is pending of every partner whose case says so, also what was earned since it was opened.</summary>
    /// <returns>How many commissions.</returns>
    public async Task<int> HoldAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        var held = 0;
        foreach (var row in await db.FraudCases.Where(c => c.Status == CaseStatus.Open && c.HeldUntil > now).OrderBy(c => c.Id).ToListAsync(cancel))
        {
            held += await HoldAsync(row, Scan, cancel);
            // A verdict that came meanwhile has the last word.
            if (await db.FraudCases.FirstAsync(c => c.Id == row.Id, cancel) is { Status: CaseStatus.Resolved } resolved)
                await CarryOutAsync(resolved, cancel);
        }
        return held;
    }

    /// <summary>A hold without a verdict ends after its time.</summary>
    public async Task ReleaseDueAsync(CancellationToken cancel)
    {
        var now = UnixTime.Truncate(clock.GetUtcNow());
        await using var db = database.Open();
        foreach (var row in await db.FraudCases.Where(c => c.Status == CaseStatus.Open && c.HeldUntil <= now && c.ReleasedAt == null).ToListAsync(cancel))
        {
            var released = await GiveBackAsync(row, Scan, cancel);
            await database.WriteAsync(async (write, token) =>
            {
                if (await write.FraudCases.Where(c => c.Id == row.Id && c.ReleasedAt == null).Set(c => c.ReleasedAt, now).UpdateAsync(token) > 0)
                    await write.InsertAsync(new AuditRow
                    {
                        At = now, Actor = Scan, Action = "fraud.release", Subject = row.Id, Detail = $"{released} commissions: the hold has ended without a verdict.",
                    }, token: token);
            }, cancel);
        }
    }

    /// <summary>Reverse what partners would earn on orders with their own e-mail address: a fact, and the order alone is concerned.</summary>
    /// <param name="since">Orders that were first heard of from then on.</param>
    /// <returns>The orders.</returns>
    public async Task<IReadOnlyList<string>> RefuseOwnPurchasesAsync(DateTimeOffset since, CancellationToken cancel)
    {
        await using var db = database.Open();
        var pending = await (from c in db.Commissions
                             join o in db.Orders on c.OrderId equals o.Id
                             join p in db.Partners on c.PartnerId equals p.Id
                             where c.Status == CommissionStatus.Pending && c.Override == null && c.OverrideReason == null && o.PartnerId == c.PartnerId
                                 && o.ReceivedAt >= since && p.EmailHash != null
                             select new { o.Id, o.Shop, o.ExternalId, o.CustomerKey, Body = o.Body == "" ? o.ShopBody : o.Body, p.EmailHash }).ToListAsync(cancel);
        var own = pending.Where(p => p.CustomerKey == p.EmailHash || p.Body is { Length: > 0 } body && personal.EmailKey(OrderBody.Read(body).Customer.Email) == p.EmailHash).ToList();
        await DecideAsync([.. own.Select(p => (p.Shop, p.ExternalId))], "reverse", OwnPurchase, Scan, c => c is { Status: CommissionStatus.Pending, Override: null, OverrideReason: null }, cancel);
        if (own.Count > 0)
            await database.WriteAsync((write, token) => write.InsertManyAsync([.. own.Select(p => new AuditRow
            {
                At = UnixTime.Truncate(clock.GetUtcNow()), Actor = Scan, Action = "commission.reverse", Subject = p.Id, Detail = OwnPurchase,
            })], token), cancel);
        return [.. own.Select(p => p.Id)];
    }

    /// <summary>Do what the verdict says.</summary>
    public async Task CarryOutAsync(FraudCaseRow row, CancellationToken cancel)
    {
        var actor = row.ResolvedBy!;
        switch (row.Action)
        {
            case CaseAction.Hold or CaseAction.Suspend:
                await HoldAsync(row, actor, cancel);
                break;
            case CaseAction.Reverse:
                await ReverseAsync(row, actor, cancel);
                break;
            default:
                await GiveBackAsync(row, actor, cancel);
                break;
        }
    }

    async Task<int> HoldAsync(FraudCaseRow row, string actor, CancellationToken cancel)
    {
        var reason = Reason(row.Id);
        // Reversed by the same case: the verdict was changed to a milder one.
        bool IsMeant(CommissionRow c) => c is { Status: CommissionStatus.Pending, Override: null } && !IsDecided(c, reason) || c is { Override: "reverse", OverrideReason: { } because } && because == reason;
        return await DecideAsync(await OrdersAsync(row, c => c.Status == CommissionStatus.Pending && c.Override == null || c.Override == "reverse" && c.OverrideReason == reason, IsMeant, cancel),
            "hold", reason, actor, IsMeant, cancel);
    }

    async Task<int> ReverseAsync(FraudCaseRow row, string actor, CancellationToken cancel)
    {
        static bool IsMeant(CommissionRow c) => c.Status is CommissionStatus.Pending or CommissionStatus.Held && c.Override is null or "hold";
        return await DecideAsync(await OrdersAsync(row, c => (c.Status == CommissionStatus.Pending || c.Status == CommissionStatus.Held) && (c.Override == null || c.Override == "hold"), IsMeant, cancel),
            "reverse", Reason(row.Id), actor, IsMeant, cancel);
    }

    /// <summary>Take back what the case has held or reversed: the hold period alone counts again.</summary>
    async Task<int> GiveBackAsync(FraudCaseRow row, string actor, CancellationToken cancel)
    {
        var reason = Reason(row.Id);
        bool IsMeant(CommissionRow c) => c.Override is "hold" or "reverse" && c.OverrideReason == reason;
        return await DecideAsync(await OrdersAsync(row, c => c.Override != null && c.OverrideReason == reason, IsMeant, cancel), "release", reason, actor, IsMeant, cancel);
    }

    /// <summary>A person has released it, or this case has: it is not held again.</summary>
    static bool IsDecided(CommissionRow commission, string reason) =>
        commission.OverrideReason is { } known && (known == reason || !known.StartsWith(Reason(""), StringComparison.Ordinal));

    async Task<List<(string Shop, string ExternalId)>> OrdersAsync(FraudCaseRow row, System.Linq.Expressions.Expression<Func<CommissionRow, bool>> which, Func<CommissionRow, bool> isMeant,
        CancellationToken cancel)
    {
        await using var db = database.Open();
        var found = await db.Commissions.Where(c => c.PartnerId == row.PartnerId).Where(which)
            .Join(db.Orders, c => new { Id = c.OrderId, Partner = (int?)c.PartnerId }, o => new { o.Id, Partner = o.PartnerId }, (c, o) => new { c, o.Shop, o.ExternalId })
            .OrderBy(f => f.Shop).ThenBy(f => f.ExternalId).ToListAsync(cancel);
        return [.. found.Where(f => isMeant(f.c)).Select(f => (f.Shop, f.ExternalId))];
    }

    async Task<int> DecideAsync(List<(string Shop, string ExternalId)> orders, string decision, string reason, string actor, Func<CommissionRow, bool> isMeant, CancellationToken cancel)
    {
        var decided = 0;
        foreach (var chunk in orders.Chunk(AtOnce))
            decided += (await intake.AcceptManyAsync([.. chunk.Select(o => new CommissionDecided(o.Shop, o.ExternalId, decision, reason) { Actor = actor, If = isMeant, IsAutomatic = actor == Scan })], cancel))
                .Count(r => r.Status == IntakeStatus.Accepted);
        return decided;
    }
}

static class CaseStatus
{
    public const string Open = "open", Resolved = "resolved";
}

static class CaseVerdict
{
    public const string Fraud = "fraud", Legitimate = "legitimate";
}

static class CaseAction
{
    public const string None = "none", Hold = "hold", Reverse = "reverse", Suspend = "suspend";
}
