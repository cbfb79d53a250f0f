namespace AffiliateSidecar.ProvingGround;

/// <summary>Writes the clicks, orders, returns and impressions of a partner's honest business.</summary>
static class HonestTraffic
{
    public static void Write(World world, Partner partner)
    {
        var days = world.Facts.Days;
        partner.Expected = new float[days * 24];
        for (var day = partner.FirstDay; day < days; day++)
        {
            var level = partner.Daily * Math.Pow(world.DayFactor(day), partner.SeasonResponse) * partner.Schedule[day]
                * partner.Dice.LogNormal(1, partner.Noise);
            WriteDay(world, partner, day, level);
        }
        foreach (var burst in partner.Bursts.Where(burst => burst.Day >= partner.FirstDay && burst.Day < days))
            WriteBurst(world, partner, burst);
        foreach (var rush in partner.CodeRushes)
            for (var i = 0; i < rush.Orders; i++)
                SellByCode(world, partner, Math.Min(days - 1, rush.Day + (int)partner.Dice.Exponential(0.7)), 0.55);
        WriteOwn(world, partner);
        if (partner.HasImpressions)
            WriteImpressions(world, partner);
    }

    // Everybody tries his own links.
    static void WriteOwn(World world, Partner partner)
    {
        var dice = partner.Dice;
        var family = dice.Chance(0.7) ? Agents.Family.WindowsChrome : Agents.Family.IPhone;
        for (var i = 0; i < partner.OwnClicks; i++)
        {
            var day = dice.Whole(partner.FirstDay, world.Facts.Days);
            var own = new Visitor(partner.SignupIp, world.Agents.Browser(dice, family, day), partner.Home);
            var click = world.AddClick(partner, dice, world.Moment(dice, day, partner.Hours, partner.Home), own, "", dice.Pick(partner.Landings));
            if (i >= partner.FamilyOrders)
                continue;
            var order = world.Sell(partner, click.Time + (long)dice.LogNormal(partner.QuickSeconds, 0.8), click, false,
                world.Price(dice, partner.Basket, partner.BasketSigma), dice.Bits(), partner.SignupIp, true);
            world.Fate(dice, order, partner.ReturnRate);
        }
    }

    static void WriteDay(World world, Partner partner, int day, double level)
    {
        var dice = partner.Dice;
        for (var hour = 0; hour < 24; hour++)
            partner.Expected[day * 24 + (hour - partner.Home.Offset + 48) % 24] += (float)(level * partner.Hours.Of(hour));
        for (var n = dice.Poisson(level); n > 0; n--)
        {
            var visitor = Visitor(world, partner, day);
            var time = world.Moment(dice, day, partner.Hours, visitor.Place);
            Visit(world, partner, time, visitor, dice.Pick(partner.Referrers), 1);
        }
        for (var n = dice.Poisson(Math.Min(8 + level * 0.02, level * partner.Bots + 0.05)); n > 0; n--)
        {
            var time = world.Start + day * 86400L + dice.Whole(0, 86400);
            var bot = new Visitor(Places.Cloud(dice), dice.Chance(0.9) ? Agents.Bot(dice) : Agents.Script(dice), Places.Of("US"));
            world.AddClick(partner, dice, time, bot, "", dice.Pick(partner.Landings));
        }
        if (partner.CodeOnlyShare > 0)
        {
            var orders = level * partner.Conversion * world.Buying[day] * partner.CodeOnlyShare / (1 - partner.CodeOnlyShare);
            for (var n = dice.Poisson(orders); n > 0; n--)
                SellByCode(world, partner, day, partner.NewShare);
        }
    }

    static Visitor Visitor(World world, Partner partner, int day)
    {
        var dice = partner.Dice;
        if (partner.Visitors.Count > 0 && dice.Chance(partner.Returning))
            return dice.Pick(partner.Visitors);
        var visitor = world.NewVisitor(partner, dice, world.Start + day * 86400L);
        if (partner.Visitors.Count < 1500)
            partner.Visitors.Add(visitor);
        else
            partner.Visitors[dice.Whole(0, partner.Visitors.Count)] = visitor;
        return visitor;
    }

    static void Visit(World world, Partner partner, long time, Visitor visitor, string referrer, double conversion)
    {
        var dice = partner.Dice;
        var landing = dice.Pick(partner.Landings);
        if (partner.AdClickIds > 0 && referrer.Contains("www.google", StringComparison.Ordinal) && dice.Chance(partner.AdClickIds))
            landing += "?gclid=Cj" + dice.Bits().ToString("x16")[..11];
        var click = world.AddClick(partner, dice, time, visitor, referrer, landing);
        if (dice.Chance(partner.Duplicates))
            world.AddClick(partner, dice, time + dice.Whole(1, 5), visitor, referrer, landing, click.Link);
        Decide(world, partner, click, visitor, conversion);
    }

    static void Decide(World world, Partner partner, Click click, Visitor visitor, double conversion)
    {
        var dice = partner.Dice;
        if (partner.LeadShare > 0 && dice.Chance(partner.LeadShare))
            Lead(world, partner, click, visitor);
        var day = world.DayOf(click.Time);
        if (day >= partner.Improvement.From)
            conversion *= partner.Improvement.Factor;
        if (!dice.Chance(partner.Conversion * conversion * world.Buying[day]))
            return;
        var lag = Lag(dice, partner);
        if (lag > world.Facts.CookieDays * 86400L)
            return;
        var time = click.Time + lag;
        var ip = lag < 3 * 3600 ? dice.Chance(0.97) ? visitor.Ip : world.Address(dice, visitor.Place, visitor.Agent)
            : dice.Chance(world.SameLine) ? visitor.Ip : world.Address(dice, visitor.Place, visitor.Agent);
        var (customer, isNew) = Customer(world, partner);
        var order = world.Sell(partner, time, click, dice.Chance(partner.CodeShare),
            world.Price(dice, partner.Basket, partner.BasketSigma), customer, ip, isNew);
        var isBad = day >= partner.BadBatch.From && day < partner.BadBatch.Until && dice.Chance(0.4);
        if (isBad && order is not null)
            world.Return(order, time + World.Days(dice.LogNormal(world.ReturnDays, 0.3)), order.AmountMinor, dice.Chance(0.7) ? "defective" : "not_as_described");
        else
            world.Fate(dice, order, partner.ReturnRate);
        if (order is not null && dice.Chance(partner.Households))
            BuyAgain(world, partner, visitor, order);
    }

    // The others of a household, or the same customer again, some hours or days later.
    static void BuyAgain(World world, Partner partner, Visitor visitor, Order first)
    {
        var dice = partner.Dice;
        for (var more = dice.Whole(1, 3); more > 0; more--)
        {
            var time = first.Time + (long)dice.Scale(1800, 9 * 86400);
            if (time >= world.End)
                return;
            var other = dice.Chance(0.6) ? visitor : visitor with { Agent = world.Agents.Browser(dice, Agents.Phones, world.DayOf(time)) };
            var click = world.AddClick(partner, dice, time, other, dice.Pick(partner.Referrers), dice.Pick(partner.Landings));
            var same = dice.Chance(0.4);
            var order = world.Sell(partner, time + (long)dice.LogNormal(partner.QuickSeconds, 0.8), click, false,
                world.Price(dice, partner.Basket, partner.BasketSigma), same ? first.Customer : dice.Bits(), visitor.Ip, !same);
            world.Fate(dice, order, partner.ReturnRate);
        }
    }

    static void Lead(World world, Partner partner, Click click, Visitor visitor)
    {
        var dice = partner.Dice;
        var time = click.Time + (long)(dice.Chance(0.85) ? Math.Max(9, dice.LogNormal(210, 0.9)) : dice.Exponential(2 * 86400));
        var lead = world.Sell(partner, time, click, false, 0, dice.Bits(), visitor.Ip, true, lead: true);
        if (dice.Chance(partner.DeadLeads))
            world.Return(lead, time + World.Days(dice.Between(7, 15.0)), 0, "trial_not_activated");
    }

    static void SellByCode(World world, Partner partner, int day, double newShare)
    {
        var dice = partner.Dice;
        var place = Places.Of(dice.Pick(partner.Countries));
        var time = world.Moment(dice, day, partner.Hours, place);
        var isNew = dice.Chance(newShare);
        var order = world.Sell(partner, time, null, true, world.Price(dice, partner.Basket, partner.BasketSigma),
            isNew ? dice.Bits() : world.KnownCustomer(dice), place.Line(dice), isNew);
        world.Fate(dice, order, partner.ReturnRate);
    }

    static (ulong Customer, bool IsNew) Customer(World world, Partner partner)
    {
        var dice = partner.Dice;
        if (partner.Buyers.Count > 3 && dice.Chance(partner.RepeatBuyers))
            return (dice.Pick(partner.Buyers), false);
        var isNew = dice.Chance(partner.NewShare);
        var customer = isNew ? dice.Bits() : world.KnownCustomer(dice);
        partner.Buyers.Add(customer);
        return (customer, isNew);
    }

    static long Lag(Dice dice, Partner partner)
    {
        if (dice.Chance(partner.QuickShare))
            return Math.Max(12, (long)dice.LogNormal(partner.QuickSeconds, 0.8));
        return dice.Chance(0.2)
            ? (long)dice.LogNormal(5 * 3600, 0.9)
            : (long)(dice.Exponential(partner.SlowDays) * 86400) + 3600;
    }

    static void WriteBurst(World world, Partner partner, Burst burst)
    {
        var dice = partner.Dice;
        var sent = world.Start + burst.Day * 86400L + (long)(burst.Hour * 3600);
        switch (burst.Kind)
        {
            case BurstKind.Newsletter:
                WriteNewsletter(world, partner, burst, sent);
                break;
            case BurstKind.Post:
                for (var i = 0; i < burst.Clicks; i++)
                {
                    var time = sent + (long)(dice.Exponential(burst.DecayHours) * 3600);
                    var day = world.DayOf(time);
                    partner.Expected[day * 24 + (int)(time / 3600 % 24)] += 1;
                    if (time < world.End)
                        Visit(world, partner, time, burst.Abroad is { } abroad ? Reader(world, dice, abroad, day) : Visitor(world, partner, day),
                            dice.Pick(partner.Referrers), burst.Conversion);
                }
                for (var i = dice.Whole(3, 12); i > 0; i--)
                    world.AddClick(partner, dice, sent + (long)dice.Exponential(900),
                        new(Places.Cloud(dice), Agents.Bot(dice), Places.Of("US")), "", dice.Pick(partner.Landings));
                break;
            default:
                WriteWalk(world, partner, burst, sent);
                break;
        }
    }

    static Visitor Reader(World world, Dice dice, Place place, int day)
    {
        var agent = world.Agents.Browser(dice, Agents.Phones, day);
        return new(world.Address(dice, place, agent), agent, place);
    }

    static void WriteNewsletter(World world, Partner partner, Burst burst, long sent)
    {
        var dice = partner.Dice;
        var page = World.Page(dice);
        // Mail gateways look at the links of what they pass on before anybody reads it.
        var scanned = (int)(burst.Clicks * dice.Between(0.02, 0.22));
        for (var i = 0; i < scanned; i++)
            world.AddClick(partner, dice, sent + (long)dice.Exponential(100),
                new(Places.Cloud(dice), Agents.Scanner(dice), partner.Home), "", page, "L1");
        for (var i = 0; i < burst.Clicks; i++)
        {
            var time = sent + (long)(dice.Exponential(burst.DecayHours) * 3600) + 20;
            if (time >= world.End)
                continue;
            var day = world.DayOf(time);
            var visitor = Visitor(world, partner, day);
            var referrer = dice.Share() switch { < 0.88 => "", < 0.93 => "https://mail.google.com/", < 0.96 => "https://outlook.live.com/", _ => partner.Website + "/" };
            var click = world.AddClick(partner, dice, time, visitor, referrer, dice.Chance(0.8) ? page : dice.Pick(partner.Landings));
            Decide(world, partner, click, visitor, burst.Conversion);
        }
    }

    // Somebody who reads the partner's pages by machine and follows what he finds: few addresses, one agent, every link.
    static void WriteWalk(World world, Partner partner, Burst burst, long start)
    {
        var dice = partner.Dice;
        var addresses = Enumerable.Range(0, dice.Whole(1, 9)).Select(_ => Places.Cloud(dice)).ToArray();
        var agent = burst.Kind is BurstKind.Script ? Agents.Script(dice) : world.Agents.Browser(dice, Agents.Family.LinuxChrome, burst.Day);
        var pages = Enumerable.Range(0, dice.Whole(8, 25)).Select(_ => World.Page(dice)).Concat(["/", "/cart", "/checkout", "/trial"]).ToArray();
        var place = Places.Of(dice.Chance(0.7) ? "US" : partner.Home.Code);
        for (double i = 0, time = start; i < burst.Clicks; i++)
        {
            time += dice.Exponential(burst.DecayHours * 3600 / burst.Clicks);
            world.AddClick(partner, dice, (long)time, new(dice.Pick(addresses), agent, place), "", dice.Pick(pages), "L1");
        }
    }

    static void WriteImpressions(World world, Partner partner)
    {
        var dice = partner.Dice;
        for (var hour = partner.FirstDay * 24; hour < partner.Expected.Length; hour++)
        {
            var day = hour / 24;
            var seen = partner.Expected[hour] / partner.Ctr * dice.LogNormal(1, 0.2);
            if (day >= partner.TagBreaks && day < partner.TagMended)
                seen *= 0.03;
            for (var link = 0; link < partner.BannerLinks; link++)
            {
                var count = dice.Poisson(seen / partner.BannerLinks);
                if (count > 0)
                    world.Impressions.Add(new(world.Start + hour * 3600L, partner.Id, World.Links[link], count));
            }
        }
    }
}
