namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>Orders that are not what they look like.</summary>
static class EmptyOrders
{
    const double Handling = 6;

    /// <summary>The partner's own shopping.</summary>
    public static void SelfPurchase(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var agents = Enumerable.Range(0, dice.Whole(1, 4)).Select(_ => world.Agents.Browser(dice, Agents.People, cheat.FirstDay)).ToArray();
        // The bold take their own address, the others those of relatives.
        var customers = new List<ulong> { cheat.Partner.Email };
        for (var i = (int)(4 * (1 - cheat.Boldness)); i > 0; i--)
            customers.Add(dice.Bits());
        var own = 0.2 + 0.75 * cheat.Boldness;
        var seen = new HashSet<ulong>();
        foreach (var time in cheat.Moments(Math.Min(cheat.Orders(), 4 + (int)(cheat.Days * 0.7))).Order())
        {
            var customer = dice.Chance(own) ? customers[0] : dice.Pick(customers);
            var agent = dice.Pick(agents);
            var ip = dice.Chance(0.35 + 0.55 * cheat.Boldness) ? cheat.Partner.SignupIp : dice.Chance(0.5) ? world.Home.Phone(dice) : world.Home.Line(dice);
            var click = cheat.Click(time, new(ip, agent, world.Home), dice.Chance(0.85) ? "" : cheat.OwnPage(), World.Page(dice));
            var order = cheat.Sell(time + (long)dice.LogNormal(400, 0.6), click, customer, ip, seen.Add(customer) || dice.Chance(0.08), 1.1);
            world.Fate(dice, order, world.ReturnRate * 0.5);
        }
    }

    /// <summary>Invented customers; the parcels come back or are never paid.</summary>
    public static void FakeOrders(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var count = cheat.Orders(Handling, 1.2);
        var lines = Enumerable.Range(0, Math.Max(3, (int)(count * (1.1 - cheat.Boldness)))).Select(_ => world.Home.Line(dice)).ToArray();
        var agents = Enumerable.Range(0, (int)(14 - 11 * cheat.Boldness)).Select(_ => world.Agents.Browser(dice, Agents.People, cheat.FirstDay)).ToArray();
        var comesBack = dice.Between(0.35, 0.75) + 0.2 * cheat.Boldness;
        var unpaid = dice.Between(0.2, 0.8);
        foreach (var time in cheat.Moments(count))
        {
            var visitor = new Visitor(dice.Pick(lines), dice.Pick(agents), world.Home);
            var click = cheat.Click(time, visitor, dice.Chance(0.35 + 0.6 * cheat.Boldness) ? "" : cheat.OwnPage(), World.Page(dice));
            var lag = cheat.Bold(1.3) ? dice.LogNormal(560, 0.4) : dice.LogNormal(world.QuickSeconds, 1);
            var order = cheat.Sell(time + (long)lag, click, dice.Bits(), visitor.Ip, dice.Chance(0.96), 1.2, Handling);
            if (order is null || !dice.Chance(comesBack))
                continue;
            if (dice.Chance(unpaid))
                world.Return(order, order.Time + World.Days(dice.Between(2, 6.0)), order.AmountMinor, "cancelled_unpaid");
            else
                world.Return(order, order.Time + World.Days(dice.Between(8, 26.0)), order.AmountMinor, "returned_unused");
        }
    }

    /// <summary>Cash on delivery, never taken in.</summary>
    public static void CancelledCod(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var cancelled = dice.Between(0.45, 0.6) + 0.35 * cheat.Boldness;
        foreach (var time in cheat.Moments(cheat.Orders(Handling)))
        {
            var visitor = cheat.Shopper(time, Agents.Phones);
            var click = cheat.Click(time, visitor, dice.Pick(cheat.Partner.Referrers), dice.Pick(cheat.Partner.Landings));
            var lag = (long)dice.LogNormal(world.QuickSeconds * 0.7, 0.8);
            var order = cheat.Sell(time + lag, click, dice.Bits(), visitor.Ip, dice.Chance(0.92), 1, Handling);
            if (order is not null && dice.Chance(cancelled))
                world.Return(order, order.Time + World.Days(dice.Between(3, 12.0)), order.AmountMinor, "cancelled_unpaid");
        }
    }

    /// <summary>Real customers, a handful, who send everything back once the commission is paid.</summary>
    public static void ReturnsRing(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var count = cheat.Orders(Handling, 1.3);
        var members = Enumerable.Range(0, Math.Max(2, (int)(count * dice.Between(0.15, 0.35) * (1.6 - cheat.Boldness))))
            .Select(_ => (Customer: dice.Bits(), Visitor: cheat.Shopper(cheat.FirstDay * 86400L + world.Start))).ToArray();
        var comesBack = 0.5 + 0.45 * cheat.Boldness;
        var afterHold = dice.Chance(0.6);
        var seen = new HashSet<ulong>();
        foreach (var time in cheat.Moments(count).Order())
        {
            var (customer, visitor) = dice.Pick(members);
            var click = cheat.Click(time, visitor, dice.Chance(0.5) ? "" : cheat.OwnPage(), dice.Pick(cheat.Partner.Landings));
            var order = cheat.Sell(time + (long)dice.LogNormal(world.QuickSeconds, 0.8), click, customer, visitor.Ip, seen.Add(customer), 1.3, Handling);
            if (order is null || !dice.Chance(comesBack))
                continue;
            var days = afterHold ? world.Facts.PayoutHoldDays + dice.Between(0.5, 9) : dice.Between(6, 24.0);
            world.Return(order, order.Time + World.Days(days), order.AmountMinor, dice.Chance(0.6) ? "returned_unused" : "changed_mind");
        }
    }

    /// <summary>Dear things on other people's cards; their banks find out weeks later.</summary>
    public static void StolenCards(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var basket = 1.3 + 2 * cheat.Boldness;
        var far = Enumerable.Range(0, dice.Whole(1, 4)).Select(_ => Places.Of(dice.Pick(Places.Far))).ToArray();
        var known = dice.Between(0.6, 0.9);
        var mean = world.Basket * basket * 1.2;
        foreach (var time in cheat.Moments(Math.Max(3, (int)(cheat.Target / (mean * (cheat.Commission + 0.25) + 15))), evenly: true))
        {
            var place = cheat.Bold(1.1) ? dice.Pick(far) : world.Home;
            var agent = world.Agents.Browser(dice, Agents.Desks, (time - world.Start) / 86400.0);
            var visitor = new Visitor(dice.Chance(0.3) ? Places.Cloud(dice) : place.Line(dice), agent, place);
            var click = cheat.Click(time, visitor, dice.Chance(0.7) ? "" : cheat.OwnPage(), World.Page(dice));
            // They buy from an address near the card's owner.
            var ip = cheat.Bold() ? world.Home.Line(dice) : visitor.Ip;
            var order = cheat.Sell(time + (long)dice.LogNormal(700, 0.8), click, dice.Bits(), ip, dice.Chance(0.95), basket);
            if (order is null)
                continue;
            cheat.Lose(order.Time, 15 + order.AmountMinor / 100.0 * 0.25);
            if (dice.Chance(known))
                world.Return(order, order.Time + World.Days(Math.Max(4, dice.LogNormal(17, 0.5))), order.AmountMinor, "chargeback_fraud");
        }
    }

    /// <summary>Trials that nobody meant.</summary>
    public static void LeadFraud(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var pay = world.Facts.PayPerLead;
        var count = (int)Math.Clamp(cheat.Target / pay, 6, cheat.Days * (2 + 20 * cheat.Boldness));
        var lines = Enumerable.Range(0, Math.Max(4, (int)(count * (1 - 0.8 * cheat.Boldness)))).Select(_ => cheat.Shopper(world.Start)).ToArray();
        var dead = 0.6 + 0.38 * cheat.Boldness;
        foreach (var time in cheat.Moments(count))
        {
            var visitor = dice.Pick(lines);
            var click = cheat.Click(time, visitor, dice.Chance(0.7) ? "" : cheat.OwnPage(), "/trial");
            var lag = cheat.Bold() ? dice.Between(2, 16) : dice.LogNormal(170, 0.9);
            var lead = world.Sell(cheat.Partner, time + (long)lag + 1, click, false, 0, dice.Bits(), visitor.Ip, true, lead: true);
            if (lead is null)
                continue;
            cheat.Lose(time, pay);
            if (dice.Chance(dead))
                world.Return(lead, time + World.Days(dice.Between(7, 15.0)), 0, "trial_not_activated");
        }
    }

    /// <summary>Partners who buy from one another.</summary>
    public static void Ring(Cheat cheat)
    {
        var dice = cheat.Dice;
        var world = cheat.World;
        var first = cheat.Accomplices.Append(cheat.Partner).MinBy(partner => partner.Number)!;
        if (cheat.Boldness > 0.7 && cheat.Partner != first)
            cheat.Partner.Payout = first.Payout;
        // What the members share is drawn the same for each of them.
        var shared = new Dice(world.Options.Seed, 5, first.Number);
        var friends = Enumerable.Range(0, shared.Whole(3, 9)).Select(_ => (Customer: shared.Bits(), Ip: world.Home.Line(shared))).ToArray();
        var agents = Enumerable.Range(0, shared.Whole(2, 6)).Select(_ => world.Agents.Browser(shared, Agents.People, cheat.FirstDay)).ToArray();
        var seen = new HashSet<ulong>();
        foreach (var time in cheat.Moments(cheat.Orders(Handling * 0.3)).Order())
        {
            var partner = dice.Pick(cheat.Accomplices);
            var (customer, ip) = cheat.Bold(0.5) ? (partner.Email, partner.SignupIp) : dice.Pick(friends);
            if (!cheat.Bold(1.4))
                (customer, ip) = (dice.Bits(), dice.Chance(0.5) ? ip : world.Home.Line(dice));
            var click = cheat.Click(time, new(ip, dice.Pick(agents), world.Home), dice.Chance(0.6) ? "" : cheat.OwnPage(), dice.Pick(cheat.Partner.Landings));
            var order = cheat.Sell(time + (long)dice.LogNormal(500, 0.7), click, customer, ip, seen.Add(customer), 1.1, Handling * 0.3);
            if (order is not null && dice.Chance(0.3))
                world.Return(order, order.Time + World.Days(dice.Between(6, 24.0)), order.AmountMinor, dice.Chance(0.5) ? "returned_unused" : "changed_mind");
        }
    }
}
