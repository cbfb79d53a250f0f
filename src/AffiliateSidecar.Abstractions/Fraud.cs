using System.Collections.Immutable;

namespace AffiliateSidecar;

/// <summary>
/// One comparison of a partner with all the others, or with its own past. A signal reads figures, never raw clicks, and has a minimum sample:
/// "not enough data yet" is an answer.
/// </summary>
public interface IFraudSignal
{
    /// <summary>Kebab-case, unique.</summary>
    string Id { get; }

    /// <summary>Signals of one family are the same evidence seen twice: <c>lag</c>, <c>ctr</c>, <c>flood</c>, …</summary>
    string Family { get; }

    IEnumerable<Finding> Evaluate(ProgramFigures program);
}

public static class FindingState
{
    public const string Suspicious = "suspicious";
    public const string Normal = "normal";
    public const string NotEnoughData = "not_enough_data";
}

/// <summary>What a signal says of one partner.</summary>
/// <param name="PartnerId">The partner's number.</param>
/// <param name="State">See <see cref="FindingState"/>.</param>
/// <param name="Reason">Reason codes, most important first, such as <c>short_lag</c>.</param>
/// <param name="Text">One sentence with the counts: seen, expected, usual.</param>
/// <param name="Risk">0 to 1, for ranking.</param>
/// <param name="MoneyAtRiskMinor">Unpaid commission inside the suspicious subset, in minor units of the figures' currency.</param>
public sealed record Finding(int PartnerId, string State, IReadOnlyList<string> Reason, string Text, double Risk, long MoneyAtRiskMinor)
{
    /// <summary>The counts behind the sentence, to be checked in a spreadsheet; null where there is nothing to count yet.</summary>
    public Evidence? Evidence { get; init; }

    /// <summary>
    /// How far outside the honest spread: 6 is a chance of one in a million. A finding may carry some without being suspicious; it then adds
    /// half its weight to the partner's risk. Null: made up from <see cref="Risk"/>, for signals that know no chance.
    /// </summary>
    public double? Strength { get; init; }

    /// <summary>A fact, not a likelihood, such as a partner's own purchase: it needs no other partners to compare with.</summary>
    public bool IsFact { get; init; }

    /// <summary>Others in the same ring; empty where the partner is alone.</summary>
    public IReadOnlyList<int> Ring { get; init; } = [];

    /// <summary>Orders that the finding is about, where it is about orders: ids of the figures' orders.</summary>
    public IReadOnlyList<string> Orders { get; init; } = [];

    /// <summary>What an honest reason would be; null where the signal knows none.</summary>
    public string? Honest { get; init; }

    public static Finding NotEnoughData(int partnerId, string text) => new(partnerId, FindingState.NotEnoughData, [], text, 0, 0);
}

/// <summary>Three counts of the same thing.</summary>
/// <param name="Of">What is counted, out of what: <c>orders within 60 seconds, of 42</c>.</param>
/// <param name="Seen">How many there are.</param>
/// <param name="Expected">How many there would be if the partner were like the others on average.</param>
/// <param name="Usual">How many an honest partner of this size stays under, 99 times in a hundred.</param>
public sealed record Evidence(string Of, double Seen, double Expected, double Usual);

/// <summary>The program as it was known at the end of a day, from the rollups.</summary>
public sealed record ProgramFigures
{
    /// <summary>The first day there is anything of.</summary>
    public required DateOnly From { get; init; }

    /// <summary>The last day (UTC). It is over, unless somebody has asked for a scan meanwhile. Nothing later is in the figures, neither events nor what became of earlier orders.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The currency of the money figures: the one with most orders.</summary>
    public required string Currency { get; init; }

    public required IReadOnlyList<PartnerFigures> Partners { get; init; }

    /// <summary>By agent (see <see cref="DayFigures.Agents"/>): how many partners it has ever clicked links of.</summary>
    public IReadOnlyDictionary<uint, int> AgentPartners { get; init; } = ImmutableDictionary<uint, int>.Empty;

    /// <summary>By address: how many partners it has clicked links of or ordered from in the last 60 days.</summary>
    public IReadOnlyDictionary<uint, int> AddressPartners { get; init; } = ImmutableDictionary<uint, int>.Empty;

    /// <summary>What an average click costs in commission, in minor units: of the last 28 days.</summary>
    /// <remarks>Says what is at stake and ranks by it. No money is booked of it, so it may be broken.</remarks>
    public double CommissionPerClick => double.IsNaN(commissionPerClick) ? commissionPerClick = Ratio(Partners.Sum(p => Lately(p.Orders, o => o.Day).Sum(o => (double)o.CommissionMinor)),
        Partners.Sum(p => Lately(p.Days, d => d.Day).Sum(d => (double)d.Clicks))) : commissionPerClick;

    IEnumerable<T> Lately<T>(IReadOnlyList<T> ascending, Func<T, DateOnly> day)
    {
        for (var i = ascending.Count - 1; i >= 0 && day(ascending[i]) > Today.AddDays(-28); i--)
            yield return ascending[i];
    }

    // Signals read side by side: one number is written whole, a nullable one in two steps.
    double commissionPerClick = double.NaN;

    static double Ratio(double sum, double of) => of > 0 ? sum / of : 0;
}

/// <summary>One partner, as known at the end of the figures' day.</summary>
public sealed record PartnerFigures
{
    public required int PartnerId { get; init; }
    public required string Code { get; init; }
    public DateOnly JoinedOn { get; init; }

    /// <summary>Keyed hash of the e-mail address, the same as <see cref="OrderFigures.Customer"/> of the same person; null where unknown.</summary>
    public string? EmailKey { get; init; }

    /// <summary>Keyed hash of the account that is paid to; null where unknown.</summary>
    public string? PayoutKey { get; init; }

    /// <summary>Address at signup; 0 where unknown.</summary>
    public uint SignupAddress { get; init; }

    /// <summary>Host of the registered site, as in <see cref="DayFigures.Referrers"/>; 0 where unknown.</summary>
    public uint Website { get; init; }

    /// <summary>Days with clicks or impressions, ascending.</summary>
    public IReadOnlyList<DayFigures> Days { get; init; } = [];

    /// <summary>By time of the order, ascending.</summary>
    public IReadOnlyList<OrderFigures> Orders { get; init; } = [];

    /// <summary>Orders within a day of their click, by the day of the click: these are all known once the day after is over.</summary>
    /// <remarks>Made of <see cref="Orders"/> where they are not given.</remarks>
    public IReadOnlyList<OrderFigures> QuickOrders
    {
        get => quick ??= Orders.Where(o => o.Lag <= TimeSpan.SecondsPerDay).OrderBy(o => o.Click!.Day).ToArray();
        init => quick = value;
    }

    IReadOnlyList<OrderFigures>? quick;
}

/// <summary>Clicks that have one value in common.</summary>
/// <param name="Value">What the value is depends on the list; texts are known by their hash.</param>
/// <param name="Clicks">Payable clicks.</param>
public readonly record struct Tally(uint Value, int Clicks);

/// <summary>One partner's day.</summary>
public sealed record DayFigures
{
    public required DateOnly Day { get; init; }

    /// <summary>Payable clicks of each of the 24 hours (UTC): no declared bot, prefetch, HEAD or repetition.</summary>
    public required ImmutableArray<int> Hours { get; init; }

    /// <summary>Declared bots, prefetches, HEAD requests and repetitions.</summary>
    public int Invalid { get; init; }

    /// <summary>Impressions of each hour; empty where none are reported.</summary>
    public ImmutableArray<long> Impressions { get; init; } = [];

    /// <summary>Clicks of each hour on links that report impressions; empty where none does.</summary>
    public ImmutableArray<int> ShownClicks { get; init; } = [];

    /// <summary>By user agent.</summary>
    public ImmutableArray<Tally> Agents { get; init; } = [];

    /// <summary>By country, two letters as <c>first * 256 + second</c>; 0 unknown.</summary>
    public ImmutableArray<Tally> Countries { get; init; } = [];

    /// <summary>By referring host, see <see cref="ReferrerKind"/>; 0: none.</summary>
    public ImmutableArray<Tally> Referrers { get; init; } = [];

    /// <summary>By <see cref="Landing"/>.</summary>
    public ImmutableArray<Tally> Landings { get; init; } = [];

    /// <summary>By address, keyed hash. Kept for 60 days.</summary>
    public ImmutableArray<Tally> Addresses { get; init; } = [];

    /// <summary>Clicks from networks of hosting companies.</summary>
    public int Hosted { get; init; }

    public int Clicks => clicks >= 0 ? clicks : clicks = Total(Hours);

    /// <summary>Clicks of addresses that made more than eight of the day's clicks: one visitor's, an office's or a carrier's.</summary>
    public int Crowded => crowded >= 0 ? crowded : crowded = Many(Addresses);

    /// <summary>More clicks of one address in a day than a household makes.</summary>
    public const int Household = 8;

    // By hand: a day is summed up in less time than it takes to ask an array for its values one by one.
    static int Total(ImmutableArray<int> counts)
    {
        var sum = 0;
        foreach (var count in counts)
            sum = checked(sum + count);
        return sum;
    }

    static int Many(ImmutableArray<Tally> addresses)
    {
        var sum = 0;
        foreach (var (_, clicks) in addresses)
            sum = checked(sum + (clicks > Household ? clicks : 0));
        return sum;
    }

    // Below zero: not summed yet. No nullable ones, which are written in two steps: signals read side by side.
    int clicks = -1, crowded = -1;
}

/// <summary>The upper bits of a referrer say what kind of site it is.</summary>
public static class ReferrerKind
{
    public const uint Other = 0, Search = 1u << 29, Social = 2u << 29, Mail = 3u << 29, Mask = 7u << 29;

    public static uint Of(uint referrer) => referrer & Mask;
}

/// <summary>Where a click lands, as bits.</summary>
[Flags]
public enum Landing
{
    Page = 0,
    Home = 1,
    Checkout = 2,

    /// <summary>The address carries the click id of an advertisement.</summary>
    Advertised = 4,
}

public enum ReturnKind
{
    None,
    Returned,

    /// <summary>Cancelled or never paid.</summary>
    Unpaid,
    Chargeback,

    /// <summary>A lead that came to nothing.</summary>
    DeadLead,
}

/// <summary>The click that an order is credited to.</summary>
public sealed record ClickTraits(DateTimeOffset At, uint Agent, uint Country, uint Referrer, Landing Landing, uint Address, bool IsHosted)
{
    public DateOnly Day { get; } = DateOnly.FromDateTime(At.UtcDateTime);
}

/// <summary>An order, as known at the end of the figures' day.</summary>
public sealed record OrderFigures
{
    public required string Id { get; init; }
    public required DateTimeOffset PlacedAt
    {
        get;
        init => (field, Day) = (value, DateOnly.FromDateTime(value.UtcDateTime));
    }

    /// <summary>Null where it is credited by a coupon or the click is not known.</summary>
    public ClickTraits? Click { get; init; }

    public long AmountMinor { get; init; }
    public long CommissionMinor { get; init; }
    public bool? IsNewCustomer { get; init; }

    /// <summary>Keyed hash of the customer; null where unknown.</summary>
    public string? Customer { get; init; }

    /// <summary>The customer's mail address was made for one use; null where it is not known.</summary>
    public bool? HasDisposableMail { get; init; }

    /// <summary>Keyed hash of the address at checkout; 0 where unknown.</summary>
    public uint Address { get; init; }

    public uint Country { get; init; }

    /// <summary>A partner's code was used.</summary>
    public bool HasCoupon { get; init; }

    /// <summary>A sign-up without a sale.</summary>
    public bool IsLead { get; init; }

    /// <summary>What became of it so far.</summary>
    public ReturnKind Return { get; set; }

    public DateTimeOffset? ReturnedAt { get; set; }

    public DateOnly Day { get; private init; }

    /// <summary>Seconds from click to order; null without a click.</summary>
    public double? Lag => Click is not { } click ? null : double.IsNaN(lag) ? lag = (PlacedAt - click.At).TotalSeconds : lag;

    double lag = double.NaN;
}
