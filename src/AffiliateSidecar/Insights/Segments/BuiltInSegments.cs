using System.Globalization;
using AffiliateSidecar.Storage;
using MathNet.Numerics;

namespace AffiliateSidecar.Insights.Segments;

/// <summary>What a segment is told of a partner.</summary>
/// <param name="Figures">His figures.</param>
/// <param name="ApprovedDays">Days since he became a partner.</param>
/// <param name="All">Everybody's.</param>
sealed record Person(PartnerFigureRow Figures, int ApprovedDays, Everybody All);

/// <summary>The program as a whole, to compare with.</summary>
sealed class Everybody
{
    public Everybody(IReadOnlyList<PartnerFigureRow> figures)
    {
        Net = figures.Sum(f => Math.Max(0, f.NetMinor));
        var before = figures.Sum(f => f.OrdersBefore);
        // A season lifts everybody: who only rises with it does not rise.
        Growth = before > 0 ? figures.Sum(f => f.OrdersMonth) / (before / 2.0) : 1;
        var clicks = figures.Sum(f => f.Clicks);
        Conversion = clicks > 0 ? (double)figures.Sum(f => f.Orders) / clicks : 0;
        long sum = 0;
        var head = figures.Where(f => f.NetMinor > 0).OrderByDescending(f => f.NetMinor).ThenBy(f => f.PartnerId).TakeWhile(f =>
        {
            var wanted = sum < HeadShare * Net;
            sum += f.NetMinor;
            return wanted;
        }).ToList();
        Head = head.Select(f => f.PartnerId).ToHashSet();
    }

    /// <summary>The article's 80/20.</summary>
    public const double HeadShare = 0.8;

    public long Net { get; }

    /// <summary>Orders of the last 30 days for each that 30 of the 60 days before had.</summary>
    public double Growth { get; }

    /// <summary>Orders per click.</summary>
    public double Conversion { get; }

    /// <summary>The smallest set that makes <see cref="HeadShare"/> of the net sales of 90 days.</summary>
    public IReadOnlySet<int> Head { get; }
}

/// <summary>The segments everybody has, each with the sentence that says why a partner is in it.</summary>
static class BuiltInSegments
{
    public const string Head = "head", Rising = "rising", Fading = "fading", NeverLaunched = "never-launched", NoSales = "clicks-without-sales", Dormant = "dormant";

    const double Chance = 0.05, Rise = 1.5, Fall = 0.6, ExpectedOrders = 3;
    const int LaunchDays = 14, DormantDays = 60, LeastOrders = 4, LeastBefore = 6, ClicksWithoutRate = 100;

    /// <summary>In this order: the order of the talk list's interest.</summary>
    public static readonly IReadOnlyList<(string Name, string Meaning, Func<Person, string?> Reason)> All =
    [
        (Head, "The smallest set of partners who make 80 % of the net sales of the last 90 days.", OfHead),
        (Rising, "More orders in the last 30 days than the 60 before let expect, by half and by more than chance; what the whole program rose is taken out.", OfRising),
        (Fading, "Fewer orders in the last 30 days than the 60 before let expect, by four tenths and by more than chance.", OfFading),
        (NoSales, "Clicks of 90 days that should have brought three orders or more, and brought none.", OfNoSales),
        (NeverLaunched, "Partner for two weeks or longer, and never a click or an order.", OfNeverLaunched),
        (Dormant, "Had clicks or orders once, and none for 60 days.", OfDormant),
    ];

    static string? OfHead(Person p) => !p.All.Head.Contains(p.Figures.PartnerId) ? null
        : Text($"{new Money(p.Figures.NetMinor, p.Figures.Currency)} net in 90 days, {100.0 * p.Figures.NetMinor / p.All.Net:0.#} % of all partners'; {p.All.Head.Count} make 80 %.");

    static string? OfRising(Person p)
    {
        var expected = Expected(p);
        return p.Figures.OrdersMonth >= LeastOrders && p.Figures.OrdersMonth >= Rise * expected && AtLeast(p.Figures.OrdersMonth, expected) < Chance
            ? Text($"{p.Figures.OrdersMonth} orders in 30 days, where {expected:0.#} were to be expected from the 60 days before.") : null;
    }

    static string? OfFading(Person p)
    {
        var expected = Expected(p);
        return p.Figures.OrdersBefore >= LeastBefore && p.Figures.OrdersMonth <= Fall * expected && AtMost(p.Figures.OrdersMonth, expected) < Chance
            ? Text($"{p.Figures.OrdersMonth} orders in 30 days, where {expected:0.#} were to be expected from the 60 days before.") : null;
    }

    static string? OfNoSales(Person p)
    {
        var expected = p.Figures.Clicks * p.All.Conversion;
        return p.Figures.Orders == 0 && (p.All.Conversion > 0 ? expected >= ExpectedOrders : p.Figures.Clicks >= ClicksWithoutRate)
            ? Text($"{p.Figures.Clicks} clicks in 90 days without an order{(expected > 0 ? Text($"; other partners' would have brought {expected:0.#}") : "")}.") : null;
    }

    static string? OfNeverLaunched(Person p) => p.ApprovedDays >= LaunchDays && p.Figures is { FirstClick: null, FirstOrder: null }
        ? Text($"Partner for {p.ApprovedDays} days, and no click yet.") : null;

    static string? OfDormant(Person p) =>
        Latest(p.Figures.LastClick, p.Figures.LastOrder) is { } last && (p.Figures.Day - last).Days is >= DormantDays and var days ? Text($"No click and no order for {days} days.") : null;

    static DateTimeOffset? Latest(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other ?? one : one;

    static double Expected(Person p) => p.Figures.OrdersBefore / 2.0 * p.All.Growth;

    /// <summary>Poisson: as many or more by chance.</summary>
    static double AtLeast(long count, double expected) => expected <= 0 ? 0 : count == 0 ? 1 : SpecialFunctions.GammaLowerRegularized(count, expected);

    static double AtMost(long count, double expected) => expected <= 0 ? 1 : SpecialFunctions.GammaUpperRegularized(count + 1, expected);

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
