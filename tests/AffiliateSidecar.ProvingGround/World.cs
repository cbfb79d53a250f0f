using AffiliateSidecar.ProvingGround.Cheats;

namespace AffiliateSidecar.ProvingGround;

/// <summary>What all partners of a program share: the shop, its customers, the season; and the rows written so far.</summary>
sealed class World
{
    static readonly double[] s_hours = [11, 7.5, 4, 3, 3, 5, 10, 16, 23, 25, 25, 24.5, 26, 26.5, 25, 24, 24.5, 25, 28, 31, 33, 32, 25.5, 19];
    static readonly string[] s_categories = ["/c/shoes", "/c/kitchen", "/c/outdoor", "/c/garden", "/sale", "/new", "/gift-guide"];

    readonly Dictionary<(string, int), long> _losses = [];

    public World(ProgramOptions options)
    {
        Options = options;
        var dice = new Dice(options.Seed, 1);
        var start = new DateOnly(2024, 1, 1).AddDays(dice.Whole(0, 680));
        if (dice.Chance(0.4))
            start = BlackFriday(start.Year).AddDays(-dice.Whole(10, Math.Max(12, options.Days - 5)));
        Home = Places.Of(dice.Pick(Places.Homes));
        Facts = new ProgramFacts
        {
            Start = start,
            Days = options.Days,
            HomeCountry = Home.Code,
            TimezoneOffsetHours = Home.Offset,
            Currency = Home.Code switch { "US" => "USD", "CH" => "CHF", "PL" => "PLN", "SE" => "SEK", "CA" => "CAD", "AU" => "AUD", _ => "EUR" },
            CommissionRate = Math.Round(dice.Between(0.04, 0.151), 2),
            PayPerClick = dice.Chance(Asks(options, CheatKinds.PerClick) ? 1 : 0.6) ? Math.Round(dice.Scale(0.01, 0.08), 3) : 0,
            PayPerLead = dice.Chance(Asks(options, CheatKinds.PerLead) ? 1 : 0.5) ? Math.Round(dice.Scale(1.5, 9), 1) : 0,
            CookieDays = dice.Pick((int[])[7, 14, 30, 30, 30, 45, 60, 90]),
            PayoutHoldDays = dice.Pick((int[])[14, 14, 21, 30, 30, 45]),
            AllowsGenericSearch = dice.Chance(0.8),
        };
        Start = new DateTimeOffset(start.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeSeconds();
        End = Start + options.Days * 86400L;
        Agents = new Agents(dice.Between(124, 136.0));
        Typical = dice.Scale(5, 28) * options.Traffic;
        Conversion = dice.Scale(0.008, 0.04);
        Basket = dice.Scale(28, 180);
        BasketSigma = dice.Between(0.4, 0.75);
        ReturnRate = dice.Chance(0.25) ? dice.Between(0.14, 0.3) : dice.Between(0.03, 0.13);
        ReturnDays = dice.Between(7, 16.0);
        Unpaid = dice.Chance(0.3) ? dice.Between(0.01, 0.04) : dice.Between(0, 0.006);
        Chargebacks = dice.Between(0.0005, 0.003);
        NewShare = dice.Between(0.4, 0.78);
        QuickShare = dice.Between(0.3, 0.65);
        QuickSeconds = dice.Scale(700, 2400);
        SameLine = dice.Between(0.05, 0.4);
        SlowDays = dice.Scale(2.5, 14);
        WithImpressions = dice.Between(0.2, 0.6);
        Vpn = dice.Between(0.01, 0.04);
        Nat = dice.Between(0.25, 0.9);
        Bots = dice.Scale(0.008, 0.04);
        Duplicates = dice.Scale(0.002, 0.02);
        Joining = dice.Between(0.1, 0.4);
        KnownCustomers = dice.Whole(8_000, 120_000);
        Gateways = [.. Enumerable.Range(0, dice.Whole(48, 400)).Select(_ => Home.Phone(dice))];
        Weekdays = MakeWeekdays(dice);
        Hours = MakeHours(dice, 0);
        (Season, Buying) = MakeSeason(dice);
        Abroad = [.. Places.Homes.Where(code => code != Home.Code).OrderBy(_ => dice.Share()).Take(5)];
    }

    public ProgramOptions Options { get; }
    public ProgramFacts Facts { get; }
    public Place Home { get; }
    public long Start { get; }
    public long End { get; }
    public Agents Agents { get; }
    public double Typical { get; }
    public double Conversion { get; }
    public double Basket { get; }
    public double BasketSigma { get; }
    public double ReturnRate { get; }
    public double ReturnDays { get; }
    public double Unpaid { get; }
    public double Chargebacks { get; }
    public double NewShare { get; }
    public double QuickShare { get; }
    public double QuickSeconds { get; }
    public double SlowDays { get; }
    /// <summary>How often a sale of another day comes from the address of its click.</summary>
    public double SameLine { get; }
    public double WithImpressions { get; }
    public double Vpn { get; }
    public double Nat { get; }
    public double Bots { get; }
    public double Duplicates { get; }
    public double Joining { get; }
    public int KnownCustomers { get; }
    public uint[] Gateways { get; }
    public double[] Weekdays { get; }
    public double[] Season { get; }
    public double[] Buying { get; }
    public Weighted<int> Hours { get; }
    public string[] Abroad { get; }

    public List<Click> Clicks { get; } = [];
    public List<Order> Orders { get; } = [];
    public List<Refund> Refunds { get; } = [];
    public List<Impression> Impressions { get; } = [];
    public List<Label> Labels { get; } = [];
    public IEnumerable<KeyValuePair<(string Affiliate, int Day), long>> Losses => _losses;

    public double DayFactor(int day) => Season[day] * Weekdays[(int)Facts.Start.AddDays(day).DayOfWeek];

    public int DayOf(long time) => (int)Math.Clamp((time - Start) / 86400, 0, Facts.Days - 1);

    public static Weighted<int> MakeHours(Dice dice, int shift)
    {
        // How late the evening is, and how much of it is spent shopping, differs.
        var evening = dice.Between(0.75, 1.35);
        var night = dice.Between(0.5, 1.4);
        return new([.. Enumerable.Range(0, 24).Select(hour =>
            (hour, Level((hour - shift + 24) % 24)))]);

        double Level(int hour) => s_hours[hour] * (hour >= 18 ? evening : hour < 6 ? night : 1);
    }

    public static DateOnly BlackFriday(int year)
    {
        var first = new DateOnly(year, 11, 1);
        return first.AddDays((4 - (int)first.DayOfWeek + 7) % 7 + 22);
    }

    /// <summary>A moment of a day in the visitor's own hours.</summary>
    public long Moment(Dice dice, int day, Weighted<int> hours, Place place)
    {
        var hour = dice.Pick(hours) - place.Offset;
        return Start + day * 86400L + ((hour + 48) % 24) * 3600 + dice.Whole(0, 3600);
    }

    public Visitor NewVisitor(Partner partner, Dice dice, long time)
    {
        var place = dice.Chance(partner.SecondShare) ? partner.SecondCountry! : Places.Of(dice.Pick(partner.Countries));
        var agent = dice.Chance(partner.OneAgentShare) ? partner.OneAgent
            : dice.Chance(partner.OddAgents) ? Agents.Odd(dice)
            : Agents.Browser(dice, partner.Mix, (time - Start) / 86400.0);
        if (partner.Company > 0 && dice.Chance(partner.Company))
            return new(dice.Pick(partner.CompanyIps), Agents.Browser(dice, Agents.Desks, (time - Start) / 86400.0), partner.Home);
        if (partner.Gateway > 0 && dice.Chance(partner.Gateway))
            return new(dice.Pick(partner.Gateways), Agents.Browser(dice, Agents.Phones, (time - Start) / 86400.0), partner.Home);
        if (dice.Chance(partner.Vpn))
            return new(Places.Cloud(dice), agent, place);
        return new(Address(dice, place, agent), agent, place);
    }

    public uint Address(Dice dice, Place place, string agent)
    {
        var phone = agent.Contains("Mobile", StringComparison.Ordinal);
        if (!phone || dice.Chance(0.62))
            return place.Line(dice);
        return place == Home && dice.Chance(Nat) ? Gateway(dice) : place.Phone(dice);
    }

    // A carrier's gateways are not used alike: some carry a tenth of all.
    public uint Gateway(Dice dice) => Gateways[(int)(Gateways.Length * Math.Pow(dice.Share(), 2.5))];

    public Click AddClick(Partner partner, Dice dice, long time, Visitor visitor, string referrer, string landing, string? link = null)
    {
        var click = new Click
        {
            Time = time,
            Affiliate = partner.Id,
            Link = link ?? Links[dice.Whole(0, partner.Links)],
            Ip = visitor.Ip,
            UserAgent = visitor.Agent,
            Referrer = referrer,
            Landing = landing,
            Country = visitor.Place.Code,
        };
        if (time >= Start && time < End)
            Clicks.Add(click);
        return click;
    }

    public static readonly string[] Links = ["L1", "L2", "L3", "L4", "L5", "L6", "L7", "L8", "L9"];

    public static string Page(Dice dice) => dice.Chance(0.8) ? $"/p/{dice.Whole(1000, 3000)}" : dice.Pick(s_categories);

    public long Price(Dice dice, double factor, double sigma)
    {
        var amount = (long)Math.Max(5, dice.LogNormal(Basket * factor, sigma)) * 100;
        return amount + (dice.Share() switch { < 0.45 => 90, < 0.8 => 99, _ => dice.Whole(0, 100) });
    }

    public ulong KnownCustomer(Dice dice) => Dice.Mix((ulong)dice.Whole(0, KnownCustomers) + ((ulong)Options.Seed << 32));

    public Order? Sell(Partner partner, long time, Click? click, bool code, long amount, ulong customer, uint ip, bool isNew, bool lead = false)
    {
        if (time >= End || time < Start)
            return null;
        var order = new Order
        {
            Time = time,
            IsLead = lead,
            Click = click,
            Coupon = code ? partner.Code : "",
            Affiliate = partner.Id,
            AmountMinor = lead ? 0 : amount,
            Customer = customer,
            Ip = ip,
            IsNewCustomer = isNew,
            // The shop approves what was not cancelled within three days.
            Status = time > End - 3 * 86400 ? "pending" : "approved",
        };
        Orders.Add(order);
        return order;
    }

    /// <summary>What honestly becomes of an order.</summary>
    public void Fate(Dice dice, Order? order, double returnRate)
    {
        if (order is null)
            return;
        var fate = dice.Share();
        if (fate < Unpaid)
            Return(order, order.Time + Days(dice.Between(2, 8.0)), order.AmountMinor, "cancelled_unpaid");
        else if (fate < Unpaid + Chargebacks)
            Return(order, order.Time + Days(dice.Between(18, 55.0)), order.AmountMinor, "chargeback_fraud");
        else if (fate < Unpaid + Chargebacks + returnRate)
        {
            var reason = dice.Share() switch
            {
                < 0.38 => "changed_mind",
                < 0.68 => "wrong_size",
                < 0.80 => "defective",
                < 0.86 => "late",
                < 0.92 => "not_as_described",
                < 0.96 => "returned_unused",
                _ => "other",
            };
            var part = dice.Chance(0.12) ? dice.Between(0.2, 0.8) : 1;
            Return(order, order.Time + Days(Math.Clamp(dice.LogNormal(ReturnDays, 0.45), 2, 45)), (long)(order.AmountMinor * part), reason);
        }
    }

    public void Return(Order? order, long time, long amount, string reason)
    {
        if (order is null || time >= End)
            return;
        Refunds.Add(new(order, time, amount, reason));
        order.Status = reason switch
        {
            "chargeback_fraud" => "chargeback",
            "cancelled_unpaid" or "trial_not_activated" => "cancelled",
            _ => amount < order.AmountMinor ? "partially_refunded" : "refunded",
        };
    }

    public static long Days(double days) => (long)(days * 86400);

    public void Lose(string affiliate, long time, double amount)
    {
        if (time < Start || time >= End)
            return;
        var key = (affiliate, DayOf(time));
        _losses[key] = _losses.GetValueOrDefault(key) + (long)Math.Round(amount * 10_000);
    }

    static bool Asks(ProgramOptions options, IReadOnlyCollection<string> kinds)
        => options.CheatShare > 0 && options.Kinds is not null && options.Kinds.Any(kinds.Contains);

    static double[] MakeWeekdays(Dice dice)
    {
        // Sunday first. A shop for business sleeps at the weekend.
        var weekend = dice.Chance(0.25) ? dice.Between(0.4, 0.75) : dice.Between(0.95, 1.35);
        return [.. Enumerable.Range(0, 7).Select(day => (day is 0 or 6 ? weekend : 1) * dice.Between(0.92, 1.08))];
    }

    (double[] Season, double[] Buying) MakeSeason(Dice dice)
    {
        var season = new double[Facts.Days];
        var buying = new double[Facts.Days];
        var phase = dice.Between(0, 365.0);
        var swing = dice.Between(0.05, 0.3);
        var trend = dice.Between(-0.004, 0.006);
        var friday = dice.Between(1.5, 3.6);
        var sale = dice.Chance(0.4) ? dice.Whole(0, Facts.Days) : int.MaxValue;
        var saleDays = dice.Whole(3, 8);
        var saleLift = dice.Between(1.3, 2.2);
        for (var day = 0; day < Facts.Days; day++)
        {
            var date = Facts.Start.AddDays(day);
            var level = (1 + swing * Math.Sin(2 * Math.PI * (date.DayOfYear + phase) / 365)) * (1 + trend * day) * dice.LogNormal(1, 0.07);
            var willing = 1.0;
            var toFriday = date.DayNumber - BlackFriday(date.Year).DayNumber;
            if (toFriday is >= -3 and <= 5)
            {
                var lift = 1 + (friday - 1) * (toFriday switch { -3 => 0.15, -2 => 0.35, -1 => 0.6, 0 => 1, 1 => 0.8, 2 => 0.75, 3 => 1, 4 => 0.5, _ => 0.2 });
                level *= lift;
                willing = 1 + (lift - 1) * 0.3;
            }
            if (date is { Month: 12, Day: >= 20 and <= 27 })
                level *= 0.7;
            if (day >= sale && day < sale + saleDays)
            {
                level *= saleLift;
                willing *= 1.25;
            }
            (season[day], buying[day]) = (level, willing);
        }
        return (season, buying);
    }
}
