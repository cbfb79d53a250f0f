namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>Clicks that are paid for and never buy.</summary>
static class EmptyClicks
{
    /// <summary>A rented botnet, for an hour or two now and then.</summary>
    public static void BotBurst(Cheat cheat)
    {
        var dice = cheat.Dice;
        var left = cheat.Clicks();
        var size = dice.Between(40, 110) + 320 * cheat.Boldness;
        var page = dice.Chance(0.7) ? "/" : World.Page(dice);
        while (left > 0)
        {
            var count = Math.Min(left, (int)(size * dice.Between(0.6, 1.4)));
            var start = cheat.World.Start + dice.Whole(cheat.FirstDay, cheat.EndDay) * 86400L + dice.Whole(0, 84000);
            var length = dice.Between(1500, 9000);
            var proxies = Proxies(cheat, (int)(count * dice.Between(0.3, 0.7)));
            for (var i = 0; i < count; i++)
                Bot(cheat, start + (long)dice.Between(0, length), dice.Pick(proxies), page, oddness: 0.4 + 0.5 * cheat.Boldness);
            left -= count;
        }
    }

    /// <summary>A few an hour, day and night.</summary>
    public static void BotSteady(Cheat cheat)
    {
        var dice = cheat.Dice;
        var proxies = Proxies(cheat, dice.Whole(40, 400));
        var page = dice.Chance(0.5) ? "/" : World.Page(dice);
        foreach (var time in cheat.Moments(Math.Min(cheat.Clicks(), (int)(cheat.Days * (10 + 240 * cheat.Boldness))), evenly: true))
            Bot(cheat, time, dice.Pick(proxies), page, oddness: 0.25 + 0.5 * cheat.Boldness);
    }

    /// <summary>People with cheap telephones, in shifts, far from where the shop sells.</summary>
    public static void ClickFarm(Cheat cheat)
    {
        var dice = cheat.Dice;
        var places = Enumerable.Range(0, dice.Whole(1, 4)).Select(_ => Places.Of(dice.Pick(Places.FarmHomes))).ToArray();
        var phones = Enumerable.Range(0, (int)(30 - 22 * cheat.Boldness)).Select(_ =>
            cheat.World.Agents.Browser(dice, dice.Chance(0.8) ? Agents.Family.Samsung : Agents.Family.Android, cheat.FirstDay)).ToArray();
        var lines = places.SelectMany(place => Enumerable.Range(0, dice.Whole(6, 60)).Select(_ => (Ip: place.Phone(dice), Place: place))).ToArray();
        var shift = dice.Whole(0, 14);
        foreach (var time in cheat.Moments(Math.Min(cheat.Clicks(), (int)(cheat.Days * (5 + 120 * cheat.Boldness))), evenly: true))
        {
            var (ip, place) = dice.Pick(lines);
            var working = time / 86400 * 86400 + ((shift + dice.Whole(0, 10)) % 24) * 3600 + dice.Whole(0, 3600);
            var referrer = dice.Chance(0.5) ? "" : cheat.OwnPage();
            cheat.Click(working, new(ip, dice.Pick(phones), place), referrer, dice.Pick(cheat.Partner.Landings));
        }
    }

    /// <summary>People who are paid a cent for a visit, the same ones every day.</summary>
    public static void PaidToClick(Cheat cheat)
    {
        var dice = cheat.Dice;
        var count = Math.Min(cheat.Clicks(), (int)(cheat.Days * (8 + 160 * cheat.Boldness)));
        var members = Enumerable.Range(0, Math.Max(8, (int)(count * dice.Between(0.08, 0.4)))).Select(_ =>
        {
            var place = dice.Chance(0.45 - 0.3 * cheat.Boldness) ? cheat.World.Home : Places.Of(dice.Pick(Places.Far));
            var agent = cheat.World.Agents.Browser(dice, Agents.People, cheat.FirstDay);
            return new Visitor(place.Line(dice), agent, place);
        }).ToArray();
        var sites = Enumerable.Range(0, dice.Whole(1, 4)).Select(_ => $"https://earn-{dice.Whole(1, 40):00}.example/").ToArray();
        foreach (var time in cheat.Moments(count))
        {
            var visitor = dice.Pick(members);
            var referrer = cheat.Bold(0.6) ? dice.Pick(sites) : dice.Chance(0.6) ? "" : cheat.OwnPage();
            var click = cheat.Click(time, visitor, referrer, dice.Chance(0.6) ? "/" : dice.Pick(cheat.Partner.Landings));
            if (dice.Chance(cheat.World.Conversion * 0.03))
                cheat.TakeAfter(click, time + dice.Whole(600, 90000), visitor.Ip, 0.6);
        }
    }

    /// <summary>Ordinary browsers and addresses, only that nobody has seen the banner.</summary>
    public static void CtrInflation(Cheat cheat)
    {
        var dice = cheat.Dice;
        var left = cheat.Clicks();
        var size = 15 + 110 * cheat.Boldness;
        while (left > 0)
        {
            var count = Math.Min(left, (int)(size * dice.Between(0.5, 1.5)) + 1);
            var start = cheat.World.Moment(dice, dice.Whole(cheat.FirstDay, cheat.EndDay), cheat.World.Hours, cheat.World.Home);
            var length = dice.Scale(400, 7000);
            for (var i = 0; i < count; i++)
            {
                var time = start + (long)dice.Between(0, length);
                var visitor = dice.Chance(0.12 * cheat.Boldness)
                    ? new Visitor(Places.Cloud(dice), Agents.Odd(dice), cheat.World.Home)
                    : cheat.World.NewVisitor(cheat.Partner, dice, time);
                cheat.Click(time, visitor, dice.Pick(cheat.Partner.Referrers), dice.Pick(cheat.Partner.Landings), "L1");
            }
            left -= count;
        }
    }

    static uint[] Proxies(Cheat cheat, int count)
    {
        var dice = cheat.Dice;
        return [.. Enumerable.Range(0, Math.Max(10, count)).Select(_ => dice.Chance(0.35 + 0.25 * cheat.Boldness) ? Places.Cloud(dice)
            : dice.Chance(0.5) ? cheat.World.Home.Line(dice) : Places.Of(dice.Pick(Places.Far)).Line(dice))];
    }

    static void Bot(Cheat cheat, long time, uint ip, string page, double oddness)
    {
        var dice = cheat.Dice;
        var agent = dice.Chance(oddness)
            ? dice.Chance(0.03) ? Agents.Script(dice) : Agents.Odd(dice)
            : cheat.World.Agents.Browser(dice, Agents.People, (time - cheat.World.Start) / 86400.0);
        var place = dice.Chance(0.85 - 0.45 * cheat.Boldness) ? cheat.World.Home : Places.Of(dice.Pick(Places.Far));
        var referrer = dice.Chance(0.55) ? "" : cheat.Partner.Website + "/";
        cheat.Click(time, new(ip, agent, place), referrer, dice.Chance(0.85) ? page : dice.Pick(cheat.Partner.Landings));
    }
}
