using AffiliateSidecar.ProvingGround.Cheats;

namespace AffiliateSidecar.ProvingGround;

/// <summary>
/// Makes an affiliate program with all its rows: honest partners of many odd kinds, and some who also cheat.
/// The same options give the same rows.
/// </summary>
public static class ProgramGenerator
{
    static readonly string[] s_names = ["SKY", "LEO", "MIA", "TOM", "OAK", "IVY", "JOY", "FOX", "LUNA", "MAX", "RIVER", "NINA", "SUN", "ZOE", "ALMA", "BEN"];

    public static GeneratedProgram Generate(ProgramOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Partners, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Days, 20);
        var world = new World(options);
        var partners = Enumerable.Range(1, options.Partners).Select(number => NewPartner(world, number)).ToArray();
        JoinAgencies(partners);
        foreach (var partner in partners)
            HonestTraffic.Write(world, partner);
        if (options.CheatShare > 0)
            Cheating.Write(world, partners);
        return Finish(world, partners);
    }

    static Partner NewPartner(World world, int number)
    {
        var dice = new Dice(world.Options.Seed, 2, number);
        var first = dice.Chance(world.Joining) ? dice.Whole(0, (int)(world.Facts.Days * 0.8)) : 0;
        var joined = first > 0 ? world.Facts.Start.AddDays(first) : world.Facts.Start.AddDays(-dice.Whole(0, 900));
        var partner = new Partner
        {
            Number = number,
            Id = $"a{number:0000}",
            Code = dice.Pick(s_names) + (number + 10),
            Dice = dice,
            Website = $"https://site-{number:0000}.example",
            Home = world.Home,
            JoinedAt = joined,
            FirstDay = first,
            Email = dice.Bits(),
            Payout = dice.Bits(),
            SignupIp = world.Home.Line(dice),
        };
        Archetypes.Draw(world, partner);
        return partner;
    }

    // Two sites of one agency are paid to one account.
    static void JoinAgencies(Partner[] partners)
    {
        Partner? first = null;
        foreach (var partner in partners.Where(partner => partner.Archetype == "agency"))
        {
            if (first is null)
            {
                first = partner;
                continue;
            }
            partner.Payout = first.Payout;
            partner.Email = first.Email;
            if (partner.Dice.Chance(0.6))
                partner.SignupIp = first.SignupIp;
            first = null;
        }
    }

    static GeneratedProgram Finish(World world, Partner[] partners)
    {
        var clicks = Sorted(world.Clicks, click => click.Time);
        for (var i = 0; i < clicks.Length; i++)
            clicks[i].Number = i;
        var orders = Sorted(world.Orders, order => order.Time);
        for (var i = 0; i < orders.Length; i++)
            orders[i].Number = i;
        return new GeneratedProgram
        {
            Facts = world.Facts,
            Affiliates = [.. partners.Select(partner => new Affiliate(partner.Id, partner.Code, partner.JoinedAt, partner.Payout.ToString("x16"),
                partner.Email.ToString("x16"), partner.Home.Code, partner.SignupIp, partner.Website))],
            Impressions = Sorted(world.Impressions, impression => impression.Hour),
            Clicks = clicks,
            Orders = orders,
            Refunds = Sorted(world.Refunds, refund => refund.Time),
            Labels = [.. world.Labels.OrderBy(label => label.Affiliate, StringComparer.Ordinal)],
            Losses = [.. world.Losses.OrderBy(loss => loss.Key.Affiliate, StringComparer.Ordinal).ThenBy(loss => loss.Key.Day)
                .Select(loss => new Loss(loss.Key.Affiliate, world.Facts.Start.AddDays(loss.Key.Day), Math.Round(loss.Value / 10_000m, 2)))],
            Archetypes = partners.ToDictionary(partner => partner.Id, partner => partner.Archetype),
        };
    }

    // By time, and within a second as they were made.
    static T[] Sorted<T>(List<T> rows, Func<T, long> time)
    {
        var keys = new long[rows.Count];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = (time(rows[i]) << 24) | (uint)i & 0xFFFFFF;
        var sorted = rows.ToArray();
        Array.Sort(keys, sorted);
        return sorted;
    }
}
