using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Referrals credit the shop's orders, read by the shop's own reader, to those whom the program had credited. The order's commission is what the rules here
/// say; what differs from the program's amount is an adjustment, so that the balance is what it was there. See <see cref="ReferralBooking"/>.
/// </summary>
sealed class ReferralTakeover(Takeover takeover, IShopReader reader, OrderIntake intake, ReferralBooking booking,
    IReadOnlyDictionary<long, long> payouts, DateTimeOffset? until, TimeProvider clock)
{
    readonly Dictionary<string, long> first = new(StringComparer.Ordinal);

    /// <summary>The program's referrals that came over, for the payouts' own check.</summary>
    public Dictionary<long, OldReferral> Seen { get; } = [];

    public async Task<FileReport> RunAsync(CancellationToken cancel)
    {
        var query = takeover.Program.Referrals(takeover.Old.Layout);
        var report = new FileReport("referrals", query.Table);
        await FindFirstAsync(query, cancel);
        await foreach (var page in takeover.Old.PagesAsync<ReferralRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
            foreach (var chunk in page.Chunk(IdList.Most))
                await StoreAsync(chunk, report, cancel);
        return report;
    }

    /// <summary>An order has one partner: the first referral that counts, else the first. The others of the same order are adjustments.</summary>
    async Task FindFirstAsync(OldQuery query, CancellationToken cancel)
    {
        var rejected = new Dictionary<string, long>(StringComparer.Ordinal);
        await foreach (var page in takeover.Old.PagesAsync<ReferralRow>(query, r => r.Id, cancel: cancel))
            foreach (var row in page)
                if (OldReferral.OrderOf(row, takeover.Program) is { } order && takeover.Partners.ContainsKey(row.Affiliate))
                    (row.Status == OldReferral.Rejected ? rejected : first).TryAdd(order, row.Id);
        foreach (var (order, id) in rejected)
            first.TryAdd(order, id);
    }

    async Task StoreAsync(ReferralRow[] rows, FileReport report, CancellationToken cancel)
    {
        var parsed = Parse(rows, report);
        var known = await booking.KnownAsync([.. parsed.Select(r => r.Id)], cancel);
        var changed = parsed.Where(r => !known.TryGetValue(r.Id, out var row) || !ReferralBooking.Says(row, r)).ToList();
        if (takeover.DryRun)
        {
            report.New += changed.Count;
            return;
        }
        var credits = await CreditAsync(changed, report, cancel);
        var done = await booking.BookAsync([.. credits], cancel);
        report.New += done;
    }

    List<OldReferral> Parse(ReferralRow[] rows, FileReport report)
    {
        List<OldReferral> parsed = [];
        foreach (var row in rows)
        {
            if (until is not null && PredecessorDb.Time(row.At) >= until)
                continue;
            report.Rows++;
            try
            {
                var referral = OldReferral.Of(row, takeover);
                if (referral is { Status: OldReferral.Paid, Payout: 0 })
                    referral = referral with { Payout = payouts.GetValueOrDefault(referral.Id) };
                Seen[referral.Id] = referral;
                parsed.Add(referral);
            }
            catch (BadRowException e)
            {
                takeover.Progress.Refuse(report, row.Id, e);
            }
        }
        return parsed;
    }

    /// <summary>Credit the orders; what each referral's order deserves here now.</summary>
    async Task<List<Credited>> CreditAsync(List<OldReferral> referrals, FileReport report, CancellationToken cancel)
    {
        var firsts = referrals.Where(r => r.OrderId is { } order && first.GetValueOrDefault(order) == r.Id).ToList();
        var readings = firsts.Count == 0 ? [] : (await reader.ReadAsync([.. firsts.Select(r => r.OrderId!)], null, cancel)).ToDictionary(r => r.Id, StringComparer.Ordinal);
        var clicks = await ClickTimesAsync(firsts, cancel);
        var there = firsts.Where(r => readings[r.OrderId!].Order is not null).ToList();
        var results = await AcceptAsync([.. there.SelectMany(r => News(r, readings[r.OrderId!], clicks))], cancel);
        var decided = await DecideAsync(there, results, cancel);
        List<Credited> credits = [];
        foreach (var referral in referrals)
            try
            {
                credits.Add(Credit(referral, readings, decided, report));
            }
            catch (BadRowException e)
            {
                takeover.Progress.Refuse(report, referral.Id, e);
            }
        return credits;
    }

    Credited Credit(OldReferral referral, Dictionary<string, OrderReading> readings, Dictionary<string, IntakeResult> decided, FileReport report)
    {
        var amount = new Credited(referral, null, referral.Currency ?? "", 0);
        if (referral.OrderId is not { } order)
            return Note(amount, report, $"it is about no order of this shop ({(referral.Type.Length > 0 ? referral.Type : "no type")})");
        if (first.GetValueOrDefault(order) != referral.Id)
            return Note(amount, report, $"order {order} is credited through referral {first.GetValueOrDefault(order)} already");
        var reading = readings[order];
        if (reading.Problem is not null)
            throw new BadRowException("order", $"order {order} cannot be read: {reading.Problem}");
        if (reading.Order is null)
            return Note(amount, report, $"order {order} is not in the shop any more");
        if (!decided.TryGetValue(order, out var result) || result.Order is null)
            throw new BadRowException("order", $"order {order} could not be taken in{(result?.Reason is { } reason ? $": {reason}" : "")}");
        amount = amount with { Currency = referral.Currency ?? reading.Order.Currency };
        if (result.Order.PartnerId != referral.Partner.Id)
            return Note(amount, report, $"order {order} stays with the partner to whom it is credited here");
        if (amount.Currency != reading.Order.Currency)
            takeover.Progress.Note(report, referral.Id, $"order {order} is in {reading.Order.Currency}, {takeover.Program.Title} credits {amount.Currency}: its amount stays as it is");
        return amount with { OrderId = order, DeservedMinor = amount.Currency == reading.Order.Currency ? result.Commission?.AmountMinor ?? 0 : 0 };
    }

    Credited Note(Credited amount, FileReport report, string why)
    {
        if (amount.Currency.Length == 0)
            throw new BadRowException("currency", "missing, and there is no order that tells it");
        if (amount.Referral.Counts && amount.Referral.Amount != 0)
            takeover.Progress.Note(report, amount.Referral.Id, $"{why}: its {Money.Round(amount.Referral.Amount, amount.Currency)} are an adjustment");
        return amount;
    }

    IEnumerable<OrderNews> News(OldReferral referral, OrderReading reading, Dictionary<string, DateTimeOffset> clicks)
    {
        var order = reading.Order!;
        var click = takeover.Program.ClickId(takeover.Shop, referral.Visit);
        var credit = clicks.TryGetValue(click, out var at)
            ? new ImportedCredit(referral.Partner.Id, AttributionMethod.Click, click, at <= order.PlacedAt ? at : null)
            : new ImportedCredit(referral.Partner.Id, AttributionMethod.Explicit, null, null);
        // Said before anything else that is known of the order: the program had decided when it was placed.
        yield return new OrderStated(order with { UpdatedAt = order.PlacedAt.AddSeconds(-1) }) { Actor = ImportedOrders.Actor, Credit = credit };
        yield return ShopReadings.News(takeover.Old.Shop, reading, clock);
    }

    /// <summary>What was rejected there earns nothing here; what was paid waits for no hold period; what is not rejected any more earns again.</summary>
    async Task<Dictionary<string, IntakeResult>> DecideAsync(List<OldReferral> referrals, Dictionary<string, IntakeResult> results, CancellationToken cancel)
    {
        var news = new List<OrderNews>();
        foreach (var referral in referrals)
        {
            if (!results.TryGetValue(referral.OrderId!, out var result) || result.Order?.PartnerId != referral.Partner.Id || result.Commission is not { } commission)
                continue;
            var reversedHere = commission is { Override: "reverse", OverrideReason: { } reason } && reason.EndsWith(takeover.Program.Title, StringComparison.Ordinal);
            var foreign = referral.Currency is { } currency && currency != commission.Currency && referral.Counts;
            var (decision, why) = referral.Status switch
            {
                OldReferral.Rejected when commission.AmountMinor > 0 => ("reverse", "rejected in"),
                _ when foreign && commission.AmountMinor > 0 => ("reverse", "credited in another currency by"),
                OldReferral.Paid when !foreign && (commission.Override is null || reversedHere) => ("approve", "paid by"),
                OldReferral.Unpaid or OldReferral.Pending when reversedHere && !foreign => ("release", "not rejected any more in"),
                _ => (null, null),
            };
            if (decision is not null)
                news.Add(new CommissionDecided(takeover.Shop, referral.OrderId!, decision, $"{why} {takeover.Program.Title}") { Actor = ImportedOrders.Actor });
        }
        foreach (var (order, result) in await AcceptAsync(news, cancel))
            results[order] = result;
        return results;
    }

    /// <summary>The last result of each order.</summary>
    async Task<Dictionary<string, IntakeResult>> AcceptAsync(List<OrderNews> news, CancellationToken cancel)
    {
        var results = new Dictionary<string, IntakeResult>(StringComparer.Ordinal);
        try
        {
            foreach (var (one, result) in news.Zip(news.Count == 0 ? [] : await intake.AcceptManyAsync(news, cancel)))
                results[one.ExternalId] = result;
        }
        catch (Exception e) when (!Database.IsUnavailable(e) && e is not OperationCanceledException)
        {
            // One bad order must not take its neighbours along.
            var orders = news.GroupBy(n => n.ExternalId).ToList();
            foreach (var order in orders)
                if (orders.Count > 1)
                    foreach (var (id, result) in await AcceptAsync([.. order], cancel))
                        results[id] = result;
                else
                    results[order.Key] = new(IntakeStatus.Refused, null, e.GetType().Name);
        }
        return results;
    }

    async Task<Dictionary<string, DateTimeOffset>> ClickTimesAsync(List<OldReferral> referrals, CancellationToken cancel)
    {
        var wanted = referrals.Where(r => r.Visit > 0).ToDictionary(r => r.Id, r => (Click: takeover.Program.ClickId(takeover.Shop, r.Visit), r.Partner.Id));
        var ids = wanted.Values.Select(w => w.Click).Distinct().ToArray();
        await using var db = takeover.Database.Open();
        var found = await db.Clicks.Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.PartnerId, c.At }).ToListAsync(cancel);
        return found.Where(c => wanted.Values.Contains((c.Id, c.PartnerId))).ToDictionary(c => c.Id, c => c.At, StringComparer.Ordinal);
    }
}

/// <summary>A referral and what its order deserves here.</summary>
/// <param name="OrderId">The order that is credited here through it; null where none is.</param>
/// <param name="Currency">Of its amount.</param>
/// <param name="DeservedMinor">In that currency; 0 where no order is.</param>
sealed record Credited(OldReferral Referral, string? OrderId, string Currency, long DeservedMinor);
