using AffiliateSidecar.Ledger;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// The ledger's side of what came over. An adjustment brings a partner from what the rules here say to what the program had credited, and a payout moves
/// what it had paid out of the balance. What was booked for a referral is kept beside it and written in the same transaction, so that nothing is booked twice.
/// </summary>
sealed class ReferralBooking(Takeover takeover, int ruleVersion, TimeProvider clock)
{
    const int PaidAtOnce = 500;

    Predecessor Program => takeover.Program;

    /// <summary>Nothing has changed since it came over.</summary>
    public static bool Says(ImportedReferralRow row, OldReferral referral) => row.PartnerId == referral.Partner.Id && row.Status == referral.Status
        && row.AmountMinor == Money.RoundToMinor(referral.Amount, row.Currency) && (referral.Currency is null || referral.Currency == row.Currency);

    public async Task<Dictionary<long, ImportedReferralRow>> KnownAsync(IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        await using var db = takeover.Database.Open();
        return await KnownAsync(db, ids, cancel);
    }

    async Task<Dictionary<long, ImportedReferralRow>> KnownAsync(SidecarDb db, IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var texts = ids.Select(id => id.ToString()).ToArray();
        return (await db.ImportedReferrals.Where(r => r.Program == Program.Name && r.Shop == takeover.Shop && texts.Contains(r.ExternalId)).ToListAsync(cancel))
            .ToDictionary(r => long.Parse(r.ExternalId));
    }

    /// <summary>Adjust, and remember. How many were new or had changed.</summary>
    public async Task<int> BookAsync(IReadOnlyList<Credited> credits, CancellationToken cancel)
    {
        if (credits.Count == 0)
            return 0;
        var now = UnixTime.Truncate(clock.GetUtcNow());
        return await takeover.Database.WriteAsync(async (db, token) =>
        {
            var known = await KnownAsync(db, [.. credits.Select(c => c.Referral.Id)], token);
            List<LedgerRow> entries = [];
            foreach (var credit in credits)
            {
                var before = known.GetValueOrDefault(credit.Referral.Id);
                var row = Row(credit, before, now);
                entries.AddRange(Adjustments(credit, before, row, now));
                if (before is null)
                    await db.InsertAsync(row, token: token);
                else
                    await db.UpdateAsync(row, token: token);
            }
            await db.InsertManyAsync(entries, token);
            return credits.Count;
        }, cancel);
    }

    ImportedReferralRow Row(Credited credit, ImportedReferralRow? before, DateTimeOffset now)
    {
        var referral = credit.Referral;
        var amount = Money.RoundToMinor(referral.Amount, credit.Currency);
        // A refund since then is the order's own business: the adjustment stays, unless the program itself says something else.
        var same = before is not null && Counts(before.Status) == referral.Counts && before.AmountMinor == amount && before.Currency == credit.Currency
            && before.PartnerId == referral.Partner.Id && referral.Counts;
        return new ImportedReferralRow
        {
            Program = Program.Name, Shop = takeover.Shop, ExternalId = referral.Id.ToString(), PartnerId = referral.Partner.Id, OrderExternalId = credit.OrderId,
            Currency = credit.Currency, AmountMinor = amount, Status = referral.Status, Payout = referral.Payout > 0 ? referral.Payout.ToString() : before?.Payout,
            AdjustedMinor = same ? before!.AdjustedMinor : referral.Counts ? amount - credit.DeservedMinor : 0, PaidMinor = before?.PaidMinor ?? 0, ImportedAt = now,
        };
    }

    LedgerRow[] Adjustments(Credited credit, ImportedReferralRow? before, ImportedReferralRow row, DateTimeOffset now)
    {
        var difference = row.AdjustedMinor - (before?.AdjustedMinor ?? 0);
        if (difference == 0)
            return [];
        var cause = $"{Program.Title} referral {row.ExternalId} is {row.Status} with {new Money(row.AmountMinor, row.Currency)}"
            + (credit.OrderId is { } order ? $"; order {takeover.Shop}/{order} deserves {new Money(credit.DeservedMinor, row.Currency)} here" : ", for no order here");
        return Booking.Transfer(new Posting(row.PartnerId, row.Currency, "", difference), Account.Program, Account.Approved, EntryKind.Adjust,
            $"{Program.Name}:referral:{row.ExternalId}", cause, ImportedOrders.Actor, now, ruleVersion);
    }

    /// <summary>Book what the program has paid and was not booked yet: one transaction for each of its payouts, partner and currency. How many.</summary>
    public async Task<int> BookPaidAsync(IReadOnlyDictionary<long, DateTimeOffset?> payouts, CancellationToken cancel)
    {
        for (var booked = 0; ;)
        {
            var now = UnixTime.Truncate(clock.GetUtcNow());
            var some = await takeover.Database.WriteAsync(async (db, token) =>
            {
                var rows = await db.ImportedReferrals.Where(r => r.Program == Program.Name && r.Shop == takeover.Shop
                        && ((r.Status == OldReferral.Paid && r.PaidMinor != r.AmountMinor) || (r.Status != OldReferral.Paid && r.PaidMinor != 0)))
                    .OrderBy(r => r.PartnerId).ThenBy(r => r.Payout).ThenBy(r => r.ExternalId).Take(PaidAtOnce).ToListAsync(token);
                List<LedgerRow> entries = [];
                foreach (var group in rows.GroupBy(r => (r.PartnerId, r.Currency, r.Payout)))
                {
                    var amount = group.Sum(r => Paid(r) - r.PaidMinor);
                    if (amount != 0)
                        entries.AddRange(Booking.Transfer(new Posting(group.Key.PartnerId, group.Key.Currency, "", amount), Account.Approved, Account.Paid,
                            amount > 0 ? EntryKind.Payout : EntryKind.PayoutFailed, Reference(group.Key.Payout), Cause(group.Key.Payout, amount, payouts), ImportedOrders.Actor, now, ruleVersion));
                    await MarkAsync(db, [.. group], now, token);
                }
                foreach (var row in rows)
                    await db.UpdateAsync(row with { PaidMinor = Paid(row) }, token: token);
                await db.InsertManyAsync(entries, token);
                return (Rows: rows.Count, Booked: entries.Count / 2);
            }, cancel);
            booked += some.Booked;
            if (some.Rows < PaidAtOnce)
                return booked;
        }
    }

    static long Paid(ImportedReferralRow row) => row.Status == OldReferral.Paid ? row.AmountMinor : 0;

    static bool Counts(string status) => status is OldReferral.Unpaid or OldReferral.Paid;

    string Cause(string? payout, long amount, IReadOnlyDictionary<long, DateTimeOffset?> payouts) => $"{(amount > 0 ? "paid" : "not paid any more")} by {Program.Title}"
        + (payout is null ? "" : $", payout {payout}")
        + (payout is not null && payouts.GetValueOrDefault(long.Parse(payout)) is { } at ? $" of {at.UtcDateTime:yyyy-MM-dd}" : "");

    string Reference(string? payout) => payout is null ? $"{Program.Name}:payout" : $"{Program.Name}:payout:{payout}";

    /// <summary>A commission that was paid there is not shown as waiting for a payout.</summary>
    async Task MarkAsync(SidecarDb db, ImportedReferralRow[] rows, DateTimeOffset now, CancellationToken cancel)
    {
        var (partner, reference) = (rows[0].PartnerId, Reference(rows[0].Payout));
        foreach (var same in rows.Where(r => r.OrderExternalId is not null).GroupBy(r => r.Status == OldReferral.Paid, r => r.OrderExternalId!))
        {
            var orders = same.ToArray();
            var commissions = db.Commissions.Where(c => c.PartnerId == partner && db.Orders.Any(o => o.Id == c.OrderId && o.Shop == takeover.Shop && orders.Contains(o.ExternalId)));
            if (same.Key)
                await commissions.Where(c => c.Status == CommissionStatus.Approved).Set(c => c.Status, CommissionStatus.Paid).Set(c => c.PayoutId, reference).Set(c => c.UpdatedAt, now).UpdateAsync(cancel);
            else
                await commissions.Where(c => c.PayoutId == reference).Set(c => c.Status, CommissionStatus.Approved).Set(c => c.PayoutId, (string?)null).Set(c => c.UpdatedAt, now).UpdateAsync(cancel);
        }
    }
}
