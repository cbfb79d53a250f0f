namespace AffiliateSidecar.ProvingGround;

/// <summary>The honest kinds of business. Many of them look odd.</summary>
static class Archetypes
{
    static readonly (string Name, double Weight, Action<World, Partner> Shape)[] s_all =
    [
        ("content", 20, Content), ("coupon", 8, Coupon), ("cashback", 4, Cashback), ("influencer", 8, Influencer), ("newsletter", 6, Newsletter),
        ("viral", 4, Viral), ("high_ticket", 5, HighTicket), ("tiny", 8, Tiny), ("tiny_lucky", 2, TinyLucky), ("corporate_ip", 3, CorporateIp),
        ("mobile_nat", 3, MobileNat), ("foreign", 4, Foreign), ("night_owls", 2, NightOwls), ("high_return", 3, HighReturn),
        ("paid_search", 4, PaidSearch), ("one_app", 2.5, OneApp), ("vpn_audience", 2, VpnAudience), ("old_devices", 2, OldDevices),
        ("agency", 3, Content), ("scraped", 3, Scraped), ("promo_day", 2.5, PromoDay), ("broken_tag", 2.5, BrokenTag), ("seasonal", 2, Seasonal),
        ("household", 2, Household), ("code_shared", 2, CodeShared), ("lead_partner", 4, LeadPartner),
    ];

    public static IReadOnlyList<string> Names => [.. s_all.Select(archetype => archetype.Name)];

    public static void Draw(World world, Partner partner)
    {
        var allowed = s_all.Where(archetype => archetype.Name != "lead_partner" || world.Facts.PayPerLead > 0)
            .Where(archetype => archetype.Name != "paid_search" || world.Facts.AllowsGenericSearch).ToArray();
        var chosen = partner.Dice.Pick(new Weighted<int>([.. allowed.Select((archetype, i) => (i, archetype.Weight))]));
        Ordinary(world, partner);
        partner.Archetype = allowed[chosen].Name;
        allowed[chosen].Shape(world, partner);
        Quirks(world, partner);
        Incidents(world, partner);
    }

    static void Ordinary(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Daily = Math.Min(dice.LogNormal(world.Typical, 1.25), world.Typical * 25);
        partner.Schedule = [.. Enumerable.Repeat(1.0, world.Facts.Days)];
        partner.Noise = dice.Between(0.1, 0.4);
        partner.SeasonResponse = dice.Between(0.7, 1.2);
        partner.Conversion = dice.LogNormal(world.Conversion, 0.3);
        partner.QuickShare = Math.Clamp(world.QuickShare + dice.Between(-0.12, 0.12), 0.1, 0.85);
        partner.QuickSeconds = dice.LogNormal(world.QuickSeconds, 0.22);
        partner.SlowDays = dice.LogNormal(world.SlowDays, 0.25);
        partner.NewShare = Math.Clamp(world.NewShare + 0.09 * dice.Normal(), 0.1, 0.93);
        partner.Basket = dice.LogNormal(1, 0.18);
        partner.BasketSigma = dice.LogNormal(world.BasketSigma, 0.12);
        partner.ReturnRate = dice.LogNormal(world.ReturnRate, 0.3);
        partner.CodeShare = dice.Chance(0.3) ? dice.Between(0.02, 0.2) : 0;
        partner.CodeOnlyShare = dice.Chance(0.25) ? dice.Between(0.02, 0.15) : 0;
        partner.Returning = dice.Between(0.12, 0.25);
        partner.Bots = dice.LogNormal(world.Bots, 0.5);
        partner.Duplicates = dice.LogNormal(world.Duplicates, 0.5);
        partner.Vpn = dice.LogNormal(world.Vpn, 0.4);
        partner.LeadShare = world.Facts.PayPerLead > 0 && dice.Chance(0.3) ? dice.Between(0.002, 0.015) : 0;
        partner.DeadLeads = dice.Between(0.18, 0.4);
        partner.Links = dice.Whole(1, 5);
        partner.HasImpressions = dice.Chance(world.WithImpressions);
        partner.BannerLinks = dice.Chance(0.7) ? 1 : partner.Links;
        partner.Ctr = dice.LogNormal(0.025, 0.6);
        partner.Countries = Audience(world, dice, dice.Between(0.75, 0.93));
        partner.Hours = World.MakeHours(dice, 0);
        partner.Mix = dice.Chance(0.25) ? Agents.Phones : Agents.People;
        partner.Referrers = OwnPages(partner, dice.Between(0.15, 0.4), ("https://www.google.com/", dice.Between(0, 0.05)));
        partner.Landings = Pages(dice, dice.Between(0.05, 0.25));
    }

    static Weighted<string> Audience(World world, Dice dice, double home)
    {
        var rest = 1 - home;
        return new([(world.Home.Code, home), .. world.Abroad.Select(code => (code, rest * 0.17 * dice.Between(0.2, 1.8))),
            ("US", rest * 0.1), (dice.Pick(Places.Far), rest * 0.1)]);
    }

    static Weighted<string> OwnPages(Partner partner, double blank, params ReadOnlySpan<(string, double)> others)
    {
        var dice = partner.Dice;
        var own = 1 - blank;
        foreach (var (_, weight) in others)
            own -= weight;
        own = Math.Max(0.05, own);
        return new([("", blank), .. others, (partner.Website + "/", own * 0.45), (partner.Website + dice.Pick((string[])["/review", "/deals", "/go"]), own * 0.3),
            (partner.Website + "/blog/best-picks", own * 0.15), ($"https://net-{dice.Whole(1, 60):00}.example/", own * 0.05), ($"https://net-{dice.Whole(1, 60):00}.example/", own * 0.05)]);
    }

    static Weighted<string> Pages(Dice dice, double front)
        => new([("/", front), .. Enumerable.Range(0, dice.Whole(1, 6)).Select(_ => (World.Page(dice), (1 - front) * dice.Between(0.2, 1)))]);

    static void Content(World world, Partner partner) { }

    static void Coupon(World world, Partner partner)
    {
        var dice = partner.Dice;
        Closers(world, partner);
        partner.Daily *= dice.Between(1.2, 3.5);
        partner.Conversion *= dice.Between(2, 4);
        partner.NewShare *= dice.Between(0.4, 0.75);
        partner.CodeShare = dice.Between(0.05, 0.6);
        partner.CodeOnlyShare = dice.Chance(0.3) ? dice.Between(0.02, 0.2) : 0;
        partner.Returning = dice.Between(0.25, 0.4);
    }

    static void Cashback(World world, Partner partner)
    {
        var dice = partner.Dice;
        Closers(world, partner);
        partner.Daily *= dice.Between(1, 4);
        partner.Conversion *= dice.Between(3, 6);
        partner.NewShare *= dice.Between(0.25, 0.5);
        partner.RepeatBuyers = dice.Between(0.05, 0.15);
        partner.Returning = dice.Between(0.4, 0.6);
        partner.Referrers = OwnPages(partner, dice.Between(0.1, 0.25));
        if (dice.Chance(0.4))
            partner.Mix = Agents.Desks;
    }

    // Who comes here has the cart full already.
    static void Closers(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.QuickShare = dice.Between(0.8, 0.93);
        partner.QuickSeconds = world.QuickSeconds * dice.Between(0.28, 0.7);
        partner.Basket *= dice.Between(0.75, 1);
        partner.Landings = Pages(dice, dice.Between(0.1, 0.5));
        if (dice.Chance(0.15))
            partner.Landings = new(("/", 0.4), ("/cart", dice.Between(0.02, 0.15)), (World.Page(dice), 0.3), (World.Page(dice), 0.2));
    }

    static void Influencer(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Mix = Agents.Social;
        partner.Countries = Audience(world, dice, dice.Between(0.6, 0.9));
        partner.CodeShare = dice.Between(0.05, 0.3);
        partner.CodeOnlyShare = dice.Between(0.2, 0.6);
        partner.Referrers = FromSocial(partner);
        for (var day = dice.Whole(0, 12); day < world.Facts.Days; day += dice.Whole(4, 14))
            partner.Bursts.Add(new(BurstKind.Post, day, dice.Between(7, 21.0), (int)(partner.Daily * dice.Between(1, 4.0)), dice.Between(3, 14.0), 0.8));
        partner.Daily *= 0.6;
    }

    static Weighted<string> FromSocial(Partner partner)
    {
        var dice = partner.Dice;
        return OwnPages(partner, dice.Between(0.2, 0.45), ("https://l.instagram.com/", dice.Between(0.03, 0.2)), ("https://www.tiktok.com/", dice.Between(0.03, 0.2)),
            ("https://www.youtube.com/", dice.Between(0.02, 0.1)), ("https://t.co/", dice.Between(0.01, 0.08)), ("https://l.facebook.com/", dice.Between(0.02, 0.1)));
    }

    static void Newsletter(World world, Partner partner)
    {
        var dice = partner.Dice;
        var every = dice.Pick((int[])[3, 7, 7, 7, 14]);
        var size = partner.Daily * every * dice.Between(0.5, 1.3);
        for (var day = dice.Whole(0, every); day < world.Facts.Days; day += every)
        {
            var big = dice.Chance(0.06) ? dice.Between(3, 8.0) : 1;
            partner.Bursts.Add(new(BurstKind.Newsletter, day, dice.Between(6, 17.0), (int)(size * big * dice.LogNormal(Math.Sqrt(world.Season[day]), 0.2)) + 3, dice.Between(2, 9.0)));
        }
        partner.Daily *= 0.25;
        partner.Referrers = OwnPages(partner, dice.Between(0.6, 0.8));
        partner.Conversion *= dice.Between(0.9, 1.4);
    }

    static void Viral(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Referrers = FromSocial(partner);
        partner.Mix = Agents.Social;
        partner.Countries = Audience(world, dice, dice.Between(0.45, 0.8));
        for (var times = dice.Whole(1, 3); times > 0; times--)
            partner.Bursts.Add(new(BurstKind.Post, dice.Whole(0, world.Facts.Days), dice.Between(0, 24.0),
                (int)(partner.Daily * dice.Scale(10, 60)) + 40, dice.Between(4, 22.0), dice.Between(0.1, 0.5),
                dice.Chance(0.15) ? Places.Of(dice.Chance(0.3) ? dice.Pick(Places.Far) : dice.Pick(world.Abroad)) : null));
        partner.Conversion *= 0.8;
    }

    static void HighTicket(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Basket *= dice.Scale(4, 14);
        partner.BasketSigma = dice.Between(0.5, 0.9);
        partner.Conversion *= dice.Between(0.15, 0.4);
        partner.QuickShare = dice.Between(0.05, 0.25);
        partner.QuickSeconds *= dice.Between(1.5, 4);
        partner.SlowDays = Math.Max(partner.SlowDays, 6) * dice.Between(1.2, 2.5);
        partner.NewShare = Math.Min(0.93, partner.NewShare * 1.25);
    }

    static void Tiny(World world, Partner partner) => partner.Daily = partner.Dice.Scale(0.1, 1.8);

    static void TinyLucky(World world, Partner partner)
    {
        Tiny(world, partner);
        var day = partner.Dice.Whole(partner.FirstDay, world.Facts.Days);
        partner.Daily = Math.Max(partner.Daily, 0.5);
        partner.Bursts.Add(new(BurstKind.Post, day, partner.Dice.Between(8, 20.0), partner.Dice.Whole(4, 12), 60, partner.Dice.Between(10, 30)));
    }

    static void CorporateIp(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Company = dice.Between(0.3, 0.75);
        partner.CompanyIps = [.. Enumerable.Range(0, dice.Whole(1, 4)).Select(_ => partner.Home.Line(dice))];
        partner.Daily = Math.Min(partner.Daily, world.Typical * 2);
        partner.Households = 0.05;
        if (dice.Chance(0.4))
            partner.SignupIp = partner.CompanyIps[0];
        // Employees buy with their discount again and again.
        if (dice.Chance(0.5))
            (partner.RepeatBuyers, partner.NewShare) = (0.3, partner.NewShare * 0.5);
    }

    static void MobileNat(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Mix = Agents.Phones;
        partner.Gateway = dice.Between(0.5, 0.9);
        partner.Gateways = [.. Enumerable.Range(0, dice.Whole(3, 14)).Select(_ => dice.Pick(world.Gateways))];
        if (dice.Chance(0.6))
            partner.SignupIp = dice.Pick(partner.Gateways);
    }

    static void Foreign(World world, Partner partner)
    {
        var dice = partner.Dice;
        var abroad = dice.Chance(0.3) ? dice.Pick(Places.Far) : dice.Pick(world.Abroad);
        partner.Home = Places.Of(abroad);
        partner.Countries = new((abroad, dice.Between(0.6, 0.9)), (world.Home.Code, 0.15), (world.Abroad[0], 0.05), ("US", 0.04));
        partner.Conversion *= dice.Between(0.4, 1);
        partner.SignupIp = partner.Home.Line(dice);
    }

    static void NightOwls(World world, Partner partner) => partner.Hours = World.MakeHours(partner.Dice, partner.Dice.Whole(4, 9));

    static void HighReturn(World world, Partner partner)
    {
        partner.ReturnRate = Math.Min(0.55, Math.Max(0.15, partner.ReturnRate * partner.Dice.Between(2, 3.2)));
        partner.Conversion *= partner.Dice.Between(1, 1.6);
    }

    static void PaidSearch(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Referrers = OwnPages(partner, dice.Between(0.03, 0.15), ("https://www.google.com/", dice.Between(0.5, 0.7)), ("https://www.bing.com/", dice.Between(0.05, 0.18)));
        partner.AdClickIds = dice.Chance(0.8) ? dice.Between(0.85, 1) : dice.Between(0.2, 0.6);
        partner.Conversion *= dice.Between(1.5, 2.8);
        partner.QuickSeconds *= dice.Between(0.5, 0.9);
        partner.NewShare *= dice.Between(0.8, 1.05);
        partner.Returning = 0.1;
        if (dice.Chance(0.3))
            partner.Landings = Pages(dice, 0.5);
    }

    static void OneApp(World world, Partner partner)
    {
        partner.Mix = Agents.OneApp;
        partner.Referrers = OwnPages(partner, partner.Dice.Between(0.8, 0.98));
        partner.Landings = Pages(partner.Dice, partner.Dice.Between(0.1, 0.6));
    }

    static void VpnAudience(World world, Partner partner)
    {
        var dice = partner.Dice;
        partner.Vpn = dice.Between(0.25, 0.7);
        partner.Countries = Audience(world, dice, dice.Between(0.4, 0.7));
        partner.Mix = Agents.Desks;
    }

    static void OldDevices(World world, Partner partner)
    {
        partner.Mix = Agents.Aged;
        partner.Conversion *= partner.Dice.Between(0.6, 1.1);
    }

    static void Scraped(World world, Partner partner)
    {
        var dice = partner.Dice;
        for (var times = dice.Whole(1, 5); times > 0; times--)
            partner.Bursts.Add(Walk(world, dice));
    }

    static Burst Walk(World world, Dice dice)
        => new(dice.Chance(0.6) ? BurstKind.Script : BurstKind.Scraper, dice.Whole(0, world.Facts.Days), dice.Between(0, 24.0), (int)dice.Scale(40, 500), dice.Between(0.05, 2));

    static void PromoDay(World world, Partner partner)
    {
        var dice = partner.Dice;
        var day = dice.Whole(partner.FirstDay, world.Facts.Days);
        for (var i = 0; i < dice.Whole(1, 3) && day + i < world.Facts.Days; i++)
            partner.Schedule[day + i] = dice.Between(5, 18);
        partner.Conversion *= 1.2;
        partner.CodeShare = dice.Between(0.1, 0.5);
        partner.CodeRushes.Add(new(day, dice.Poisson(Math.Min(25, partner.Daily * partner.Conversion * 4))));
    }

    static void BrokenTag(World world, Partner partner)
    {
        partner.HasImpressions = true;
        partner.TagBreaks = partner.Dice.Whole(0, world.Facts.Days);
        partner.TagMended = partner.TagBreaks + partner.Dice.Whole(2, 30);
    }

    // A garden in spring, or a site that was asleep and comes back.
    static void Seasonal(World world, Partner partner)
    {
        var dice = partner.Dice;
        var middle = dice.Whole(0, world.Facts.Days);
        var width = dice.Between(6, 25.0);
        var back = dice.Chance(0.4);
        var height = dice.Between(4, 15.0);
        for (var day = 0; day < world.Facts.Days; day++)
            partner.Schedule[day] = back ? day < middle ? 0.05 : height / 3 : 0.15 + height * Math.Exp(-Math.Pow((day - middle) / width, 2) / 2) / 2;
    }

    static void Household(World world, Partner partner) => partner.Households = partner.Dice.Between(0.12, 0.35);

    static void CodeShared(World world, Partner partner)
    {
        var dice = partner.Dice;
        var day = dice.Whole(partner.FirstDay, world.Facts.Days);
        partner.CodeShare = dice.Between(0.1, 0.3);
        partner.CodeOnlyShare = dice.Between(0.05, 0.25);
        partner.CodeRushes.Add(new(day, 4 + dice.Poisson(dice.Scale(3, 16))));
    }

    static void LeadPartner(World world, Partner partner)
    {
        partner.LeadShare = partner.Dice.Between(0.03, 0.12);
        partner.DeadLeads = partner.Dice.Between(0.15, 0.5);
        partner.Landings = new(("/trial", 0.7), ("/", 0.2), (World.Page(partner.Dice), 0.1));
    }

    // Oddities of an audience, whatever the business.
    static void Quirks(World world, Partner partner)
    {
        var dice = partner.Dice;
        if (dice.Chance(0.09))
        {
            partner.SecondCountry = Places.Of(dice.Chance(0.6) ? dice.Pick(Places.Far) : dice.Pick(world.Abroad));
            partner.SecondShare = dice.Between(0.08, 0.4);
        }
        if (dice.Chance(0.05))
            partner.Hours = World.MakeHours(dice, dice.Whole(3, 9));
        if (dice.Chance(0.04))
            partner.Vpn = dice.Between(0.15, 0.4);
        if (dice.Chance(0.04) || partner.Archetype == "old_devices")
            partner.OddAgents = dice.Between(0.08, 0.35);
        if (dice.Chance(0.04))
        {
            partner.OneAgent = world.Agents.Browser(dice, dice.Pick((Agents.Family[])[Agents.Family.Instagram, Agents.Family.FacebookAndroid, Agents.Family.App]), partner.FirstDay);
            partner.OneAgentShare = dice.Between(0.1, 0.5);
        }
        if (dice.Chance(0.03))
        {
            var from = dice.Whole(partner.FirstDay, world.Facts.Days);
            partner.BadBatch = (from, from + dice.Whole(5, 25));
        }
        if (dice.Chance(0.05))
            partner.Improvement = (dice.Whole(partner.FirstDay, world.Facts.Days), dice.Between(1.4, 2.6));
        if (dice.Chance(0.05))
        {
            var away = dice.Whole(0, world.Facts.Days);
            for (var i = dice.Whole(4, 20); i > 0 && away < world.Facts.Days; i--)
                partner.Schedule[away++] = 0.02;
        }
        if (dice.Chance(0.95))
            partner.OwnClicks = dice.Whole(1, 15);
        partner.FamilyOrders = dice.Chance(0.09) ? 1 : 0;
    }

    // What happens to anybody.
    static void Incidents(World world, Partner partner)
    {
        var dice = partner.Dice;
        if (dice.Chance(0.06))
            partner.Bursts.Add(Walk(world, dice));
        if (dice.Chance(0.04))
            partner.Bursts.Add(new(BurstKind.Post, dice.Whole(0, world.Facts.Days), dice.Between(7, 22.0), (int)(partner.Daily * dice.Between(3, 15)) + 10, dice.Between(4, 15), 0.6));
        if (partner.HasImpressions && dice.Chance(0.05))
            (partner.TagBreaks, partner.TagMended) = (dice.Whole(0, world.Facts.Days), world.Facts.Days);
        if (dice.Chance(0.12))
            partner.SignupIp = world.Gateway(dice);
    }
}
