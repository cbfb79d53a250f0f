namespace AffiliateSidecar.Fraud.Signals;

/// <summary>
/// Visitors who land on the front page and buy far more often than other partners' looked for the shop itself: their clicks were bought on its name in a search, or
/// caught on a name that looks like it.
/// </summary>
sealed class BrandClicks : IFraudSignal
{
    const int LeastOrders = 5, LeastClicks = 15;
    const double LeastRate = 3, LeastShare = 2, LeastOwn = 1.8, LeastPast = 50, Change = 2.5;

    // How much a partner's pages differ from each other.
    const double Pages = 4;
    const int PastDays = 56;
    static readonly int[] Windows = [7, 14, 28, 56];

    public string Id => "brand-clicks";

    public string Family => "brand";

    public IEnumerable<Finding> Evaluate(ProgramFigures program) => Windows.SelectMany(days => In(program, DaySpan.Last(program.Today.AddDays(-1), days))).Strongest();

    static IEnumerable<Finding> In(ProgramFigures program, DaySpan span)
    {
        var counts = program.Partners.Select(p =>
        {
            var orders = p.QuickOrders(span).Where(o => !o.IsLead).ToList();
            return (Partner: p, Orders: orders, Home: orders.Where(o => (o.Click!.Landing & Landing.Home) != 0).ToList(), Clicks: (double)p.Clicks(span),
                HomeClicks: p.DaysIn(span).Sum(d => d.Landings.Of(l => (l & (uint)Landing.Home) != 0)));
        }).Where(c => c.Clicks >= LeastClicks).ToList();
        if (counts.Count < Peers.Least)
            yield break;
        var rates = RateSpread.Of(counts.Select(c => ((double)c.Orders.Count, c.Clicks)));
        var shares = ShareSpread.Of(counts.Where(c => c.Orders.Count > 0).Select(c => ((double)c.Home.Count, (double)c.Orders.Count)));
        var bought = ShareSpread.Of(counts.Where(c => c.Orders.Count > 0).Select(c => ((double)c.Home.Count(IsSearched), (double)c.Orders.Count)));
        var known = ShareSpread.Of(counts.Where(c => c.Orders.Count >= LeastOrders).Select(c => ((double)c.Orders.Count(o => o.IsNewCustomer == false), (double)c.Orders.Count)));
        foreach (var c in counts)
        {
            if (c.Home.Count < LeastOrders || c.HomeClicks < LeastClicks || c.Home.Count < LeastRate / 2 * rates.Mean * c.HomeClicks)
                continue;
            var (rate, share) = (-rates.LogAtLeast(c.Home.Count, c.HomeClicks), -shares.LogAtLeast(c.Home.Count, c.Orders.Count));
            var searched = c.Home.Count(IsSearched);
            var old = c.Home.Count(o => o.IsNewCustomer == false);
            // A coupon site sells everywhere, not on the front page alone.
            var elsewhere = (c.Orders.Count - c.Home.Count + rates.Mean * 50) / (Math.Max(0, c.Clicks - c.HomeClicks) + 50);
            // Whoever comes from the partner's own pages was sent by it.
            var strangers = c.Home.Count(o => o.Click!.Referrer != c.Partner.Website);
            var isOdd = 2 * strangers >= c.Home.Count && c.Home.Count >= LeastOwn * elsewhere * c.HomeClicks && c.Home.Count >= LeastRate * rates.Mean * c.HomeClicks && c.Home.Count >= LeastShare * shares.Mean * c.Orders.Count && rate + share >= 3;
            // Whoever sells well everywhere is no wonder there.
            rate = Math.Min(rate, -new RateSpread(Pages, Pages / elsewhere).LogAtLeast(c.Home.Count, c.HomeClicks));
            // Who looks for the shop by its name searches for it, and knows it.
            var strength = Math.Min(rate, 5) + Math.Min(share, 5) * 0.6 + Math.Min(-bought.LogAtLeast(searched, c.Orders.Count), 4) * 0.5
                + Math.Min(-known.LogAtLeast(old, c.Home.Count), 3) + Habit(c.Partner, span, c.Home.Count, c.HomeClicks, rates);
            yield return new(c.Partner.PartnerId, isOdd ? FindingState.Suspicious : FindingState.Normal, ["brand_bidding", "high_conversion", "low_new_customers"],
                $"{c.Home.Count} orders of {c.HomeClicks:0} clicks on the shop's front page in {span.Days} days; {rates.Mean * c.HomeClicks:0.#} would be expected of as many clicks, and {rates.Usual(c.HomeClicks)} is "
                + $"the most an honest partner usually has. {searched} came from a search or an advertisement, {old} from customers the shop knew.",
                0, c.Home.Where(o => o.Return == ReturnKind.None).Sum(o => o.CommissionMinor))
            {
                Evidence = new($"orders of {c.HomeClicks:0} clicks on the front page", c.Home.Count, Math.Round(rates.Mean * c.HomeClicks, 1), rates.Usual(c.HomeClicks)),
                Strength = isOdd ? strength : Math.Min(rate, 1), Honest = "A page that ranks well for the shop's name, or a banner that leads to the front page of a well-known shop.",
                Orders = [.. c.Home.Select(o => o.Id)],
            };
        }
    }

    static bool IsSearched(OrderFigures order) => ReferrerKind.Of(order.Click!.Referrer) == ReferrerKind.Search || (order.Click.Landing & Landing.Advertised) != 0;

    /// <summary>More where it began all of a sudden, less where it was always so, nothing where there is no past.</summary>
    static double Habit(PartnerFigures partner, DaySpan span, int orders, double clicks, RateSpread rates)
    {
        var past = span.Before(PastDays);
        var days = partner.DaysIn(past).ToList();
        var (all, home) = (days.Sum(d => (double)d.Clicks), days.Sum(d => d.Landings.Of(l => (l & (uint)Landing.Home) != 0)));
        if (all < LeastPast)
            return 0;
        var before = partner.QuickOrders(past).Count(o => !o.IsLead && (o.Click!.Landing & Landing.Home) != 0);
        // Orders a click, and such orders a day: buyers may be new, or only more of them.
        var usual = new RateSpread(1, 1 / rates.Mean).After(before, home);
        var isHabit = orders < Change * usual.Mean * clicks && orders < Change * (before + 1.0) * span.Days / days.Count;
        return isHabit ? -1.5 : 1;
    }
}
