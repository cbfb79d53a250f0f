using AffiliateSidecar.Commissions;
using AffiliateSidecar.Http;
using AffiliateSidecar.Ledger;
using AffiliateSidecar.Orders;
using AffiliateSidecar.Partners;
using AffiliateSidecar.Shops.Reading;
using AffiliateSidecar.Storage;
using AffiliateSidecar.Tracking;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Comes over from another affiliate program: its partners, coupons, visits, referrals and payouts, in this order. Every step can be broken off and begun again:
/// what is there already changes nothing.
/// </summary>
static class PredecessorImport
{
    public static async Task<TakeoverReport> RunAsync(IServiceProvider services, ShopSettings shop, Predecessor program, bool dryRun, DateTimeOffset? until,
        ImportProgress progress, CancellationToken cancel)
    {
        T Get<T>() where T : notnull => services.GetRequiredService<T>();

        if (shop.Kind != "woocommerce")
            throw new OperationFailedException($"The shop {shop.Name} is not of the kind woocommerce: {program.Title} stands in a WordPress.");
        var (database, clock) = (Get<Database>(), Get<TimeProvider>());
        var old = await PredecessorDb.OpenAsync(shop, program, cancel);
        var takeover = new Takeover(old, database, progress, dryRun);
        await takeover.LoadPartnersAsync(cancel);
        var rules = await Get<RuleStore>().CurrentAsync(cancel);

        var partners = new PartnerTakeover(takeover, Get<PartnerRegistry>(), Get<PersonalData>(), Get<PayoutDetails>());
        List<FileReport> reports = [await partners.RunAsync(cancel)];
        foreach (var query in program.Coupons(old.Layout))
            reports.Add(await new CouponTakeover(takeover, Get<PartnerDirectory>(), clock).RunAsync(query, cancel));
        reports.Add(await new VisitTakeover(takeover, Get<Visitors>(), Get<TrackingSettings>(), rules.Program.WindowDays).RunAsync(cancel));
        var payouts = new PayoutTakeover(takeover);
        var payoutReport = await payouts.ReadAsync(cancel);
        var booking = new ReferralBooking(takeover, rules.Version, clock);
        var orders = new OrderCredits(takeover, await Get<ShopReaders>().OpenAsync(shop, cancel), Get<OrderIntake>(), clock);
        var referrals = new ReferralTakeover(takeover, orders, booking, payouts.Pays, until);
        reports.Add(await referrals.RunAsync(cancel));
        if (payoutReport is not null)
        {
            payouts.Compare(payoutReport, referrals.Seen);
            reports.Add(payoutReport);
        }
        var booked = dryRun ? 0 : await booking.BookPaidAsync(payouts.Made, cancel);
        if (payoutReport is not null)
            payoutReport.New = Math.Min(booked, payoutReport.Rows - payoutReport.Refused);
        return new(program.Title, shop.Name, dryRun, reports, await SumsAsync(takeover, referrals.Seen.Values, cancel), partners.Rates, await HintsAsync(old, shop, cancel));
    }

    /// <summary>What the program owes and has paid, beside what the ledger here shows for the same partners.</summary>
    static async Task<IReadOnlyList<TakeoverSum>> SumsAsync(Takeover takeover, IEnumerable<OldReferral> referrals, CancellationToken cancel)
    {
        var there = referrals.Where(r => r.Counts && r.Currency is not null).GroupBy(r => (Currency: r.Currency!, r.Status))
            .ToDictionary(g => g.Key, g => g.Sum(r => Money.RoundToMinor(r.Amount, g.Key.Currency)));
        var prefix = $"{takeover.Program.Name}:{takeover.Shop}:";
        await using var db = takeover.Database.Open();
        var here = await (from l in db.Ledger
                          join p in db.Partners on l.PartnerId equals p.Id
                          where p.ExternalId!.StartsWith(prefix) && l.Account != Account.Program
                          group l by new { l.Currency, IsPaid = l.Account == Account.Paid } into g
                          select new { g.Key.Currency, g.Key.IsPaid, Sum = g.Sum(l => l.AmountMinor) }).ToListAsync(cancel);
        return [.. there.Keys.Select(k => k.Currency).Concat(here.Select(h => h.Currency)).Distinct().Order(StringComparer.Ordinal).Select(currency =>
        {
            Money Here(bool paid) => new(here.Where(h => h.Currency == currency && h.IsPaid == paid).Sum(h => h.Sum), currency);
            return new TakeoverSum(new(there.GetValueOrDefault((currency, OldReferral.Unpaid)), currency), Here(false), new(there.GetValueOrDefault((currency, OldReferral.Paid)), currency), Here(true));
        })];
    }

    static async Task<IReadOnlyList<string>> HintsAsync(PredecessorDb old, ShopSettings shop, CancellationToken cancel)
    {
        List<string> hints = [];
        if (old.Layout.Left.Count > 0)
            hints.Add($"Not there, or not readable, and so left out: {string.Join("; ", old.Layout.Left)}.");
        var parameter = await old.LinkParameterAsync(cancel);
        if (!shop.Witnesses.Contains(parameter))
            hints.Add($"Links of {old.Program.Title} carry '{parameter}': set Sidecar:Shops:{shop.Name}:Witnesses:0 to it (and :1 and further to {string.Join(", ", shop.Witnesses)}), so that they go on crediting, "
                + $"and add data-parameter=\"{parameter}\" to the script track.js on the shop's pages.");
        return hints;
    }
}

/// <summary>What a take-over has done.</summary>
/// <param name="Sums">By currency.</param>
/// <param name="Rates">Of partners who had rates of their own there; here they are rules.</param>
/// <param name="Hints">What the owner should do.</param>
sealed record TakeoverReport(string Program, string Shop, bool DryRun, IReadOnlyList<FileReport> Files, IReadOnlyList<TakeoverSum> Sums, IReadOnlyList<OwnRate> Rates, IReadOnlyList<string> Hints);

/// <param name="Unpaid">What the program owes.</param>
/// <param name="Balance">What is owed to the same partners here, with what they have earned here besides.</param>
/// <param name="Paid">What the program has paid.</param>
/// <param name="PaidHere">What the ledger shows as paid to them.</param>
sealed record TakeoverSum(Money Unpaid, Money Balance, Money Paid, Money PaidHere);
