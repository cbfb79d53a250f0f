namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// The partner's code is used without its clicks, by customers the shop knows, far more than before: it stands on a coupon site or in a browser
/// extension. An influencer's code is used without clicks all the time, so the partner's own past and the season decide.
/// </summary>
sealed class CouponLeak : IFraudSignal
{
    const int PastDays = 42, LeastPastDays = 8, LeastOrders = 6, DayCap = 2;
    const double LeastRatio = 3, FewClicks = 20;
    static readonly int[] Windows = [7, 14, 28, 56];

    public string Id => "coupon-leak";

    public string Family => "code";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        if (program.Partners.Count < Peers.Least)
            return [];
        var known = ShareSpread.Of(program.Partners.Select(p => p.OrdersIn(DaySpan.Last(program.Today, 90)).Where(o => o.IsNewCustomer is not null).ToList())
            .Where(o => o.Count >= 5).Select(o => ((double)o.Count(x => x.IsNewCustomer == false), (double)o.Count)));
        return Windows.SelectMany(days => In(program, DaySpan.Last(program.Today, days), known)).Strongest();
    }

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span, ShareSpread known)
    {
        var past = span.Before(PastDays).Since(program.From);
        if (past.Days < LeastPastDays)
            yield break;
        var season = Season(program, span, past);
        foreach (var partner in program.Partners)
        {
            // A story, or a day on somebody's list, is a day or two; a leak goes on. So a day counts for two orders at most.
            var codes = partner.OrdersIn(span).Where(IsCodeOnly).ToList();
            var seen = Steady(codes);
            if (seen < LeastOrders)
                continue;
            var start = Math.Max(past.From.DayNumber, partner.JoinedOn.DayNumber);
            var pastDays = past.To.DayNumber - start + 1;
            if (pastDays < LeastPastDays)
                continue;
            // The own past counts, with a little of everything that may come.
            var before = Steady(partner.OrdersIn(past).Where(IsCodeOnly));
            var rate = new RateSpread(before + 1, pastDays / season);
            // Clicks that grew as well are a campaign: the code is used because people saw it.
            var growth = Math.Max(1, (Clicks(partner, span) + FewClicks) / (Clicks(partner, past) * span.Days / pastDays + FewClicks));
            var expected = rate.Mean * span.Days * Math.Min(growth, 10);
            var old = codes.Count(o => o.IsNewCustomer == false);
            var places = codes.Select(o => o.Address).Distinct().Count();
            var strength = -rate.LogAtLeast(seen, span.Days * Math.Min(growth, 10));
            var known2 = -known.LogAtLeast(old, codes.Count);
            var isOdd = seen >= LeastRatio * expected && strength >= 3 && old >= 0.4 * codes.Count;
            yield return new(partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, ["coupon_leak", "low_new_customers"],
                $"{codes.Count} orders in {span.Days} days used the partner's code without a click, {seen} if no day counts for more than {DayCap}; {expected:0.#} would be expected from its own past and the season. "
                + $"{old} of them came from customers the shop knew, from {places} addresses.", 0, codes.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new($"orders with the code and without a click in {span.Days} days, {DayCap} a day at most", seen, Math.Round(expected, 1), rate.Usual(span.Days)),
                Strength = isOdd ? Math.Min(strength, 9) + Math.Min(known2, 3) : Math.Min(strength, 1), Honest = "A story or a podcast in which the code was named.", Orders = [.. codes.Select(o => o.Id)],
            };
        }
    }

    static int Steady(IEnumerable<OrderFigures> codes) => codes.GroupBy(o => o.Day).Sum(g => Math.Min(DayCap, g.Count()));

    // A script that walks through the links is no campaign.
    static double Clicks(PartnerFigures partner, DaySpan span) => partner.DaysIn(span).Sum(d => (double)d.Clicks - d.Crowded);

    static bool IsCodeOnly(OrderFigures order) => order is { HasCoupon: true, Click: null };

    static double Season(ProgramFigures program, DaySpan span, DaySpan past)
    {
        var ratios = program.Partners.Select(p => (Now: p.OrdersIn(span).Count / (double)span.Days, Before: p.OrdersIn(past).Count / (double)past.Days)).Where(r => r.Before >= 0.2)
            .Select(r => r.Now / r.Before).Order().ToList();
        return ratios.Count < 5 ? 1 : Math.Clamp(ratios[ratios.Count / 2], 0.5, 5);
    }
}
