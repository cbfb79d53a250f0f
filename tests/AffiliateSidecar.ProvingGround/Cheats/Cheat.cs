namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>One partner's cheating from one day to another, and what all cheats are written with.</summary>
sealed class Cheat(World world, Partner partner, Dice dice)
{
    public World World { get; } = world;
    public Partner Partner { get; } = partner;
    public Dice Dice { get; } = dice;
    public required string Kind { get; init; }
    public required string Strength { get; init; }
    public required int FirstDay { get; init; }
    /// <summary>The first day without.</summary>
    public required int EndDay { get; init; }
    public string Ring { get; init; } = "";
    public IReadOnlyList<Partner> Accomplices { get; init; } = [];

    /// <summary>0.1 for one who hides it well, up to 1.</summary>
    public required double Boldness { get; init; }

    /// <summary>What the cheat is after, in the program's currency.</summary>
    public required double Target { get; init; }

    public double Loss { get; private set; }

    public int Days => EndDay - FirstDay;

    /// <summary>Camouflage fades with boldness.</summary>
    public bool Bold(double share = 1) => Dice.Chance(share * Boldness);

    public double Commission => World.Facts.CommissionRate;

    /// <summary>How many orders bring the target.</summary>
    public int Orders(double extra = 0, double basket = 1)
    {
        var mean = World.Basket * basket * Math.Exp(World.BasketSigma * World.BasketSigma / 2);
        var most = Days * (1 + 7 * Boldness);
        return (int)Math.Clamp(Target / (mean * Commission + extra), 3, most) + Dice.Whole(0, 2);
    }

    /// <summary>How many paid clicks bring the target.</summary>
    public int Clicks() => (int)Math.Clamp(Target / World.Facts.PayPerClick, 40, 600 + 9000 * Boldness);

    /// <summary>Moments over the days of the cheat, more on the days and in the hours on which people shop.</summary>
    public IEnumerable<long> Moments(int count, bool evenly = false)
    {
        var days = new Weighted<int>([.. Enumerable.Range(FirstDay, Days).Select(day => (day, evenly ? 1 : World.DayFactor(day)))]);
        for (var i = 0; i < count; i++)
            yield return evenly ? World.Start + Dice.Pick(days) * 86400L + Dice.Whole(0, 86400)
                : World.Moment(Dice, Dice.Pick(days), World.Hours, World.Home);
    }

    /// <summary>One of the shop's own visitors.</summary>
    public Visitor Shopper(long time, Weighted<Agents.Family>? mix = null)
    {
        var place = Dice.Chance(0.9) ? World.Home : Places.Of(Dice.Pick(World.Abroad));
        var agent = World.Agents.Browser(Dice, mix ?? Agents.People, (time - World.Start) / 86400.0);
        return new(Dice.Chance(World.Vpn) ? Places.Cloud(Dice) : World.Address(Dice, place, agent), agent, place);
    }

    public Click Click(long time, Visitor visitor, string referrer, string landing, string? link = null)
    {
        var click = World.AddClick(Partner, Dice, time, visitor, referrer, landing, link);
        Lose(time, World.Facts.PayPerClick);
        return click;
    }

    /// <summary>An order of a customer who would have come anyway, taken by a click shortly before it.</summary>
    public void Take(long time, long lag, Visitor visitor, string referrer, string landing, double newShare)
    {
        if (time >= World.End)
            return;
        var click = Click(time - lag, visitor, referrer, landing);
        TakeAfter(click, time, visitor.Ip, newShare);
    }

    public void TakeAfter(Click? click, long time, uint ip, double newShare, bool code = false)
    {
        var isNew = Dice.Chance(newShare);
        var order = Sell(time, click, isNew ? Dice.Bits() : World.KnownCustomer(Dice), ip, isNew, code: code);
        World.Fate(Dice, order, World.ReturnRate);
    }

    public Order? Sell(long time, Click? click, ulong customer, uint ip, bool isNew, double basket = 1, double extra = 0, bool code = false)
    {
        var order = World.Sell(Partner, time, click, code, World.Price(Dice, basket, World.BasketSigma * 0.9), customer, ip, isNew);
        if (order is not null)
            Lose(time, order.AmountMinor / 100.0 * Commission + extra);
        return order;
    }

    public void Lose(long time, double amount)
    {
        if (time < World.Start || time >= World.End)
            return;
        World.Lose(Partner.Id, time, amount);
        Loss += amount;
    }

    public string OwnPage() => Partner.Website + Dice.Pick((string[])["/", "/", "/go", "/review", "/deals"]);
}
