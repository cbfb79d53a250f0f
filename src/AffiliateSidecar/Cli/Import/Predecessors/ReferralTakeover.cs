using AffiliateSidecar.Orders;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Referrals credit the shop's orders, read by the shop's own reader, to those whom the program had credited. The order's commission is what the rules here
/// say; what differs from the program's amount is an adjustment, so that the balance is what it was there. See <see cref="ReferralBooking"/>.
/// </summary>
sealed class ReferralTakeover(Takeover takeover, OrderCredits orders, ReferralBooking booking, IReadOnlyDictionary<long, long> payouts, DateTimeOffset? until)
{
    const int AtOnce = 500;

    readonly Dictionary<string, long> first = new(StringComparer.Ordinal);

    /// <summary>The program's referrals that came over, for the payouts' own check.</summary>
    public Dictionary<long, OldReferral> Seen { get; } = [];

    public async Task<FileReport> RunAsync(CancellationToken cancel)
    {
        var query = takeover.Program.Referrals(takeover.Old.Layout);
        var report = new FileReport("referrals", query.Table);
        await FindFirstAsync(query, cancel);
        await foreach (var page in takeover.Old.PagesAsync<ReferralRow>(query, r => r.Id, advance: d => takeover.Progress.Advance(report.Kind, d), cancel: cancel))
            foreach (var chunk in page.Chunk(AtOnce))
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
        var changed = parsed.Where(r => !known.TryGetValue(r.Id, out var row) || (!ReferralBooking.Says(row, r) && !HasMoved(row, r, report))).ToList();
        if (takeover.DryRun)
        {
            report.New += changed.Count;
            return;
        }
        report.New += await booking.BookAsync(await CreditAsync(changed, report, cancel), cancel);
    }

    /// <summary>What was booked for one partner cannot become another's by itself.</summary>
    bool HasMoved(ImportedReferralRow row, OldReferral referral, FileReport report)
    {
        if (row.PartnerId == referral.Partner.Id && (referral.Currency is null || referral.Currency == row.Currency))
            return false;
        takeover.Progress.Refuse(report, referral.Id, new BadRowException("affiliate", "it has moved to another affiliate or currency since it came over; correct it by hand, with adjustments"));
        return true;
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
        var (readings, results) = await orders.CreditAsync(firsts, cancel);
        List<Credited> credits = [];
        foreach (var referral in referrals)
            try
            {
                credits.Add(Credit(referral, readings, results, report));
            }
            catch (BadRowException e)
            {
                takeover.Progress.Refuse(report, referral.Id, e);
            }
        return credits;
    }

    Credited Credit(OldReferral referral, Dictionary<string, OrderReading> readings, Dictionary<string, IntakeResult> results, FileReport report)
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
        if (!results.TryGetValue(order, out var result) || result.Order is null)
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
}

/// <summary>A referral and what its order deserves here.</summary>
/// <param name="OrderId">The order that is credited here through it; null where none is.</param>
/// <param name="Currency">Of its amount.</param>
/// <param name="DeservedMinor">In that currency; 0 where no order is.</param>
sealed record Credited(OldReferral Referral, string? OrderId, string Currency, long DeservedMinor);
