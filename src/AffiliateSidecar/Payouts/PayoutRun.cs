using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AffiliateSidecar.Commissions;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Payouts;

/// <summary>What a batch is asked for.</summary>
/// <param name="Currency">Of the balances.</param>
/// <param name="Period">A name of the caller's: there is one batch a currency and name. Null: one open batch a currency.</param>
/// <param name="Minimum">Major units; null: the program's.</param>
/// <param name="Only">Partners' numbers; null: everybody.</param>
/// <param name="ExecuteOn">Null: the next working day.</param>
sealed record PayoutOrder(string Currency, string? Period, decimal? Minimum, IReadOnlyList<int>? Only, DateOnly? ExecuteOn, Conversion? Conversion, string Actor);

/// <summary>From one unit of the balances' currency to <paramref name="Rate"/> units of another.</summary>
sealed record Conversion(string To, decimal Rate, string Source, DateTimeOffset At);

/// <summary>
/// Makes a batch: the approved balance of every partner, frozen. Nothing is booked until a line is paid, so a batch that is given up leaves
/// no trace in the ledger; what an open batch has is not given to another.
/// </summary>
sealed class PayoutRun(Database database, RuleStore rules, PayoutDetails payouts, TimeProvider clock)
{
    const string LockName = "payouts";

    /// <summary>The batch, and whether it was made just now: asked twice, or by two nodes at once, there is one.</summary>
    public async Task<(PayoutRow Batch, bool IsNew)> CreateAsync(PayoutOrder order, CancellationToken cancel)
    {
        var policy = (await rules.CurrentAsync(cancel)).Program;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return await database.WriteAsync(async (db, token) =>
        {
            // Every run waits here for the one before, on one node and on a cluster: two batches never see the same balance as free.
            if (await db.Settings.Where(s => s.Name == LockName).Set(s => s.Value, s => s.Value == "0" ? "1" : "0").UpdateAsync(token) == 0)
                await db.InsertAsync(new SettingRow { Name = LockName, Value = "0" }, token: token);
            if (await FindAsync(db, order, token) is { } known)
                return (known, false);
            var id = PublicId.New(PublicId.Payout, now);
            var minimum = Money.RoundToMinor(order.Minimum ?? policy.MinimumIn(order.Currency), order.Currency);
            var lines = await LinesAsync(db, id, order, minimum, now, token);
            var ready = lines.Where(l => l.Status == LineStatus.Ready).ToList();
            var batch = new PayoutRow
            {
                Id = id, Status = ready.Count > 0 ? PayoutStatus.Draft : PayoutStatus.Empty, Currency = order.Currency, Period = order.Period ?? id,
                OpenKey = order.Period is null && ready.Count > 0 ? order.Currency : null, MinimumMinor = minimum, TotalMinor = ready.Sum(l => l.AmountMinor),
                LineCount = ready.Count, SkippedCount = lines.Count - ready.Count, Hash = Hash(order, lines),
                ExecuteOn = (order.ExecuteOn ?? NextWorkingDay(now)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), PayCurrency = order.Conversion?.To ?? order.Currency,
                Rate = order.Conversion?.Rate.ToString(CultureInfo.InvariantCulture), RateSource = order.Conversion?.Source, RateAt = order.Conversion?.At, Actor = order.Actor,
                CreatedAt = now, SettledAt = ready.Count > 0 ? null : now,
            };
            await db.InsertAsync(batch, token: token);
            await db.InsertManyAsync(lines, token);
            return (batch, true);
        }, cancel);
    }

    static async Task<PayoutRow?> FindAsync(SidecarDb db, PayoutOrder order, CancellationToken cancel) => order.Period is { } period
        ? await db.Payouts.FirstOrDefaultAsync(p => p.Currency == order.Currency && p.Period == period, cancel)
        : await db.Payouts.FirstOrDefaultAsync(p => p.OpenKey == order.Currency, cancel);

    async Task<List<PayoutLineRow>> LinesAsync(SidecarDb db, string id, PayoutOrder order, long minimum, DateTimeOffset now, CancellationToken cancel)
    {
        var balances = await db.Ledger.Where(l => l.Currency == order.Currency && l.Account == Account.Approved).GroupBy(l => l.PartnerId)
            .Select(g => new { Partner = g.Key, Sum = g.Sum(l => l.AmountMinor) }).Where(b => b.Sum != 0).ToListAsync(cancel);
        var taken = (await (from l in db.PayoutLines
                            join p in db.Payouts on l.PayoutId equals p.Id
                            where l.Status == LineStatus.Ready && p.Currency == order.Currency
                            group l by l.PartnerId into g
                            select new { Partner = g.Key, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel)).ToDictionary(t => t.Partner, t => t.Sum);
        var payees = (await (from p in db.Partners
                             from d in db.PayoutDetails.Where(d => d.Id == p.PayoutDetailsId).DefaultIfEmpty()
                             select new Payee(p.Id, p.Name, p.Status, Sql.ToNullable(d.Id), d.Method, d.Details, Sql.ToNullable(d.UsableFrom))).ToListAsync(cancel)).ToDictionary(p => p.Id);
        var only = order.Only?.ToHashSet();
        var unseen = await UnseenAsync(db, order.Currency, cancel);
        return [.. balances.Where(b => only is null || only.Contains(b.Partner)).OrderBy(b => b.Partner).Select(b =>
        {
            var amount = b.Sum - taken.GetValueOrDefault(b.Partner);
            var payee = payees[b.Partner];
            var reason = Reason(order, payee, amount, taken.ContainsKey(b.Partner), minimum, now) ?? (unseen.TryGetValue(b.Partner, out var left) && amount > left.Left
                ? $"Approved by the rule, and nobody has looked: beyond {left.Cap} that comes first." : null);
            return new PayoutLineRow
            {
                PayoutId = id, PartnerId = b.Partner, Status = reason is null ? LineStatus.Ready : LineStatus.Skipped, AmountMinor = amount,
                PayMinor = order.Conversion is { } rate ? Money.RoundToMinor(new Money(amount, order.Currency).Amount * rate.Rate, rate.To) : amount,
                Method = Method(payee), DetailsId = payee.DetailsId, Name = payee.Name, Reason = reason,
            };
        })];
    }

    /// <summary>Partners whom the rule has approved and nobody has looked at: their cap, and what may still be paid below it.</summary>
    static async Task<Dictionary<int, (Money Cap, long Left)>> UnseenAsync(SidecarDb db, string currency, CancellationToken cancel)
    {
        var capped = await db.Applications.Where(a => a.ApprovedBy == "rule" && a.CapCurrency == currency).Select(a => new { a.PartnerId, a.CapMinor }).ToListAsync(cancel);
        if (capped.Count == 0)
            return [];
        int[] ids = [.. capped.Select(c => c.PartnerId)];
        var paid = (await db.Ledger.Where(l => ids.Contains(l.PartnerId) && l.Currency == currency && l.Account == Account.Paid).GroupBy(l => l.PartnerId)
            .Select(g => new { g.Key, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel)).ToDictionary(p => p.Key, p => p.Sum);
        return capped.ToDictionary(c => c.PartnerId, c => (new Money(c.CapMinor ?? 0, currency), (c.CapMinor ?? 0) - paid.GetValueOrDefault(c.PartnerId)));
    }

    /// <summary>Why the partner is left out; null where he is paid. Not being paid now costs him nothing: the balance is carried.</summary>
    static string? Reason(PayoutOrder order, Payee payee, long amount, bool isInAnother, long minimum, DateTimeOffset now) =>
        amount <= 0 && isInAnother ? "All of the balance is in another batch."
        : amount < 0 ? "More was paid than is deserved now; the next earnings are set against it."
        : payee.Status != PartnerStatus.Approved ? $"The partner is {payee.Status}."
        : amount < minimum || amount == 0 ? $"Below the minimum of {new Money(minimum, order.Currency)}."
        : payee.UsableFrom > now ? $"The payout account was changed: it waits for a confirmation, or until {payee.UsableFrom:yyyy-MM-dd}."
        : null;

    string Method(Payee payee) => payee switch
    {
        { Details: null } => PayoutMethod.Manual,
        // Details from before the method was kept beside them.
        { Method: null or "" } => payouts.Row(payee.Id, payee.Details, "", default, default).Method,
        _ => payee.Method,
    };

    static DateOnly NextWorkingDay(DateTimeOffset now)
    {
        var day = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            day = day.AddDays(1);
        return day;
    }

    /// <summary>Whoever reviews a batch says by it which list he has seen.</summary>
    static string Hash(PayoutOrder order, List<PayoutLineRow> lines)
    {
        var text = new StringBuilder($"{order.Currency}\n");
        foreach (var l in lines.Where(l => l.Status == LineStatus.Ready))
            text.Append(CultureInfo.InvariantCulture, $"{l.PartnerId}\t{l.AmountMinor}\t{l.PayMinor}\t{l.DetailsId}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    sealed record Payee(int Id, string Name, string Status, long? DetailsId, string? Method, string? Details, DateTimeOffset? UsableFrom);
}
