using System.Globalization;
using System.Text.Json;
using AffiliateSidecar.Http;
using AffiliateSidecar.Storage;
using LinqToDB;
using LinqToDB.Async;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>
/// Two programs side by side, for the month in which both run: what the other has computed, what was computed here, and why they differ. Nothing is stored.
/// </summary>
sealed class Comparison(Takeover takeover, DateTimeOffset since, DateTimeOffset? to)
{
    public static async Task<ComparisonReport> RunAsync(IServiceProvider services, ShopSettings shop, Predecessor program, DateTimeOffset since, DateTimeOffset? to,
        ImportProgress progress, CancellationToken cancel)
    {
        var old = await PredecessorDb.OpenAsync(shop, program, cancel);
        var takeover = new Takeover(old, services.GetRequiredService<Database>(), progress, true);
        await takeover.LoadPartnersAsync(cancel);
        return await new Comparison(takeover, since, to).CompareAsync(cancel);
    }

    async Task<ComparisonReport> CompareAsync(CancellationToken cancel)
    {
        var (theirs, refused) = await TheirsAsync(cancel);
        var ours = await OursAsync([.. theirs.Select(r => r.OrderId).OfType<string>().Distinct()], cancel);
        var byOrder = theirs.Where(r => r.OrderId is not null).ToLookup(r => r.OrderId!);
        var orders = byOrder.Select(g => Line(g.Key, [.. g], ours.GetValueOrDefault(g.Key)))
            .Concat(ours.Values.Where(o => o.Commission is not null && !byOrder.Contains(o.ExternalId)).Select(o => Line(o.ExternalId, [], o)))
            .Concat(theirs.Where(r => r.OrderId is null).Select(r => Line("", [r], null)))
            .ToList();
        return new(takeover.Program.Title, takeover.Shop, since, to, orders.Count, refused, Partners(theirs, ours.Values), [.. orders.Where(o => o.Reason is not null)
            .OrderBy(o => o.OrderId.Length).ThenBy(o => o.OrderId, StringComparer.Ordinal)]);
    }

    async Task<(List<OldReferral> Referrals, long Refused)> TheirsAsync(CancellationToken cancel)
    {
        var query = takeover.Program.Referrals(takeover.Old.Layout);
        var report = new FileReport("referrals", query.Table);
        List<OldReferral> referrals = [];
        await foreach (var page in takeover.Old.PagesAsync<ReferralRow>(query, r => r.Id, since, cancel: cancel))
            foreach (var row in page.Where(r => to is null || PredecessorDb.Time(r.At) < to))
                try
                {
                    referrals.Add(OldReferral.Of(row, takeover));
                }
                catch (BadRowException e)
                {
                    takeover.Progress.Refuse(report, row.Id, e);
                }
        return (referrals, report.Refused);
    }

    async Task<Dictionary<string, OurOrder>> OursAsync(string[] ids, CancellationToken cancel)
    {
        await using var db = takeover.Database.Open();
        var ours = new Dictionary<string, OurOrder>(StringComparer.Ordinal);
        async Task AddAsync(IQueryable<OrderRow> orders)
        {
            var rows = await (from o in orders
                              from c in db.Commissions.Where(c => c.OrderId == o.Id && c.PartnerId == o.PartnerId).DefaultIfEmpty()
                              from p in db.Partners.Where(p => p.Id == o.PartnerId).DefaultIfEmpty()
                              select new { Order = o, Commission = c, p.Code }).ToListAsync(cancel);
            foreach (var row in rows)
                ours[row.Order.ExternalId] = new(row.Order, row.Order.PartnerId is null ? null : row.Commission, row.Code);
        }
        foreach (var chunk in ids.Chunk(500))
            await AddAsync(db.Orders.Where(o => o.Shop == takeover.Shop && chunk.Contains(o.ExternalId)));
        var end = to ?? DateTimeOffset.MaxValue.AddYears(-1);
        await AddAsync(db.Orders.Where(o => o.Shop == takeover.Shop && o.PartnerId != null && o.PlacedAt >= since && o.PlacedAt < end));
        return ours;
    }

    ComparedOrder Line(string id, IReadOnlyList<OldReferral> referrals, OurOrder? ours)
    {
        var currency = referrals.Select(r => r.Currency).FirstOrDefault(c => c is not null) ?? ours?.Order.Currency ?? "";
        var theirs = referrals.Count == 0 ? (Money?)null : new Money(referrals.Where(r => r.Status != OldReferral.Rejected).Sum(r => currency.Length == 0 ? 0 : Money.RoundToMinor(r.Amount, currency)), currency);
        var mine = ours?.Commission is { } commission ? new Money(commission.AmountMinor, commission.Currency) : (Money?)null;
        var line = new ComparedOrder(id, referrals.Count == 0 ? null : string.Join('+', referrals.Select(r => r.Partner.Code).Distinct()), theirs,
            referrals.Count == 0 ? null : string.Join('+', referrals.Select(r => r.Status).Distinct()), mine is null ? null : ours!.Code, mine, ours?.Commission?.Status, null);
        var agreed = (theirs ?? Money.Zero(currency)) == (mine ?? Money.Zero(currency)) && (line.TheirPartner == line.OurPartner || (theirs?.Minor ?? 0) == 0);
        return agreed ? line : line with { Reason = Reason(line, referrals, ours) };
    }

    string Reason(ComparedOrder line, IReadOnlyList<OldReferral> referrals, OurOrder? ours)
    {
        var title = takeover.Program.Title;
        if (line.OrderId.Length == 0)
            return $"{title} credits it for no order of this shop";
        if (ours is null)
            return "the order is not known here: `shop sync` reads it";
        if (referrals.Count == 0)
            return $"{title} credits nobody; here: {Winner(ours)}";
        if (line.OurPartner is null)
            return $"here it is credited to nobody: {Losers(ours)}";
        if (referrals.Any(r => r.Partner.Code == line.OurPartner) && line.OurPartner != line.TheirPartner)
            return $"{title} credits several partners, here an order has one";
        if (line.OurPartner != line.TheirPartner)
            return $"here it is credited to {line.OurPartner}: {Winner(ours)}";
        if (referrals.Any(r => r.Status == OldReferral.Rejected) && line.Theirs?.Minor == 0)
            return $"{title} has rejected it; here the order is {ours.Order.Status}";
        if (ours.Commission!.Override == "reverse")
            return $"reversed here: {ours.Commission.OverrideReason}";
        if (line.Theirs?.Currency != line.Ours?.Currency)
            return "another currency";
        if (ours.Order.RefundedMinor > 0)
            return $"{new Money(ours.Order.RefundedMinor, ours.Order.Currency)} were paid back to the buyer, which is taken off here";
        if (line.Ours?.Minor == 0)
            return $"the order is {ours.Order.Status}, which earns nothing here";
        return $"the rates or what they are of differ: of the goods' {new Money(ours.Order.BaseMinor, ours.Order.Currency)} without tax and shipping, {title} pays {Share(line.Theirs, ours)} and the rules here {Share(line.Ours, ours)}";
    }

    static string Share(Money? amount, OurOrder ours) => ours.Order.BaseMinor == 0 ? "something"
        : string.Create(CultureInfo.InvariantCulture, $"{100m * (amount?.Minor ?? 0) / ours.Order.BaseMinor:0.##} %");

    static string Winner(OurOrder ours) => Decision(ours).Candidates.FirstOrDefault(c => c.Outcome == "won")?.Reason ?? "by an earlier decision";

    static string Losers(OurOrder ours) => Decision(ours).Candidates is { Count: > 0 } candidates ? string.Join("; ", candidates.Take(3).Select(c => c.Reason)) : "it brings no click, coupon or other trace of a partner";

    static Decision Decision(OurOrder ours) => JsonSerializer.Deserialize<Decision>(ours.Order.Decision, Json.Options)!;

    static List<ComparedPartner> Partners(List<OldReferral> theirs, IEnumerable<OurOrder> ours)
    {
        var there = theirs.Where(r => r.Status != OldReferral.Rejected && r.Currency is not null).GroupBy(r => (r.Partner.Code, Currency: r.Currency!))
            .ToDictionary(g => g.Key, g => (Count: g.Count(), Sum: g.Sum(r => Money.RoundToMinor(r.Amount, g.Key.Currency))));
        var here = ours.Where(o => o.Commission is { AmountMinor: not 0 }).GroupBy(o => (Code: o.Code!, o.Commission!.Currency))
            .ToDictionary(g => g.Key, g => (Count: g.Count(), Sum: g.Sum(o => o.Commission!.AmountMinor)));
        return [.. there.Keys.Union(here.Keys).OrderBy(k => k.Code, StringComparer.Ordinal).ThenBy(k => k.Currency, StringComparer.Ordinal).Select(key =>
        {
            var (mine, other) = (here.GetValueOrDefault(key), there.GetValueOrDefault(key));
            return new ComparedPartner(key.Code, other.Count, new(other.Sum, key.Currency), mine.Count, new(mine.Sum, key.Currency), new(mine.Sum - other.Sum, key.Currency));
        })];
    }

    sealed record OurOrder(OrderRow Order, CommissionRow? Commission, string? Code)
    {
        public string ExternalId => Order.ExternalId;
    }
}

/// <summary>What two programs make of the same orders.</summary>
/// <param name="Orders">How many orders and other referrals were compared.</param>
/// <param name="Refused">Referrals that could not be understood.</param>
/// <param name="Differences">Orders on which they differ.</param>
sealed record ComparisonReport(string Program, string Shop, DateTimeOffset Since, DateTimeOffset? To, int Orders, long Refused, IReadOnlyList<ComparedPartner> Partners, IReadOnlyList<ComparedOrder> Differences);

/// <param name="Theirs">Without what is rejected there.</param>
/// <param name="Difference">Here less there.</param>
sealed record ComparedPartner(string Partner, int TheirReferrals, Money Theirs, int OurOrders, Money Ours, Money Difference);

/// <param name="OrderId">Empty where a referral is about no order.</param>
/// <param name="Reason">Null where both say the same.</param>
sealed record ComparedOrder(string OrderId, string? TheirPartner, Money? Theirs, string? TheirStatus, string? OurPartner, Money? Ours, string? OurStatus, string? Reason);
