namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>Decides who cheats, how, how boldly and from when on.</summary>
static class Cheating
{
    static readonly Dictionary<string, Action<Cheat>> s_writers = new()
    {
        ["checkout_injection"] = Takers.CheckoutInjection,
        ["toolbar_injection"] = Takers.ToolbarInjection,
        ["cookie_stuffing"] = Takers.CookieStuffing,
        ["click_flood"] = Takers.ClickFlood,
        ["brand_bidding"] = Takers.BrandBidding,
        ["typosquatting"] = Takers.Typosquatting,
        ["coupon_leak"] = Takers.CouponLeak,
        ["bot_burst"] = EmptyClicks.BotBurst,
        ["bot_steady"] = EmptyClicks.BotSteady,
        ["click_farm"] = EmptyClicks.ClickFarm,
        ["paid_to_click"] = EmptyClicks.PaidToClick,
        ["ctr_inflation"] = EmptyClicks.CtrInflation,
        ["self_purchase"] = EmptyOrders.SelfPurchase,
        ["fake_orders"] = EmptyOrders.FakeOrders,
        ["cancelled_cod"] = EmptyOrders.CancelledCod,
        ["returns_ring"] = EmptyOrders.ReturnsRing,
        ["stolen_cards"] = EmptyOrders.StolenCards,
        ["lead_fraud"] = EmptyOrders.LeadFraud,
        ["ring"] = EmptyOrders.Ring,
        ["account_takeover"] = Takeover,
    };

    public static void Write(World world, Partner[] partners)
    {
        var dice = new Dice(world.Options.Seed, 3);
        var kinds = CheatKinds.All.Where(kind => world.Options.Kinds?.Contains(kind) ?? true)
            .Where(kind => world.Facts.PayPerClick > 0 || !CheatKinds.PerClick.Contains(kind))
            .Where(kind => world.Facts.PayPerLead > 0 || !CheatKinds.PerLead.Contains(kind)).ToArray();
        if (kinds.Length == 0)
            return;
        var wanted = (int)Math.Floor(partners.Length * world.Options.CheatShare + dice.Share());
        var free = partners.Where(partner => partner.FirstDay < world.Facts.Days - 10).OrderBy(_ => dice.Share()).ToList();
        var queue = new Queue<string>();
        for (var rings = 1; wanted > 0 && free.Count > 0;)
        {
            if (queue.Count == 0)
                queue = new(kinds.OrderBy(_ => dice.Share()));
            var kind = queue.Dequeue();
            var fitting = free.Where(partner => Fits(kind, partner, world)).Take(kind == "ring" ? dice.Whole(2, 5) : 1).ToArray();
            if (fitting.Length < (kind == "ring" ? 2 : 1))
            {
                if (kinds.Length == 1)
                    return;
                continue;
            }
            var ring = kind == "ring" ? $"r{rings++}" : "";
            var strength = world.Options.Strength ?? dice.Pick((string[])["low", "mid", "high"]);
            var start = Start(dice, kind, fitting, world.Facts.Days);
            var end = dice.Chance(0.25) ? Math.Min(world.Facts.Days, start + dice.Whole(8, 26)) : world.Facts.Days;
            foreach (var partner in fitting)
            {
                free.Remove(partner);
                wanted--;
                WriteOne(world, partner, fitting, kind, strength, start, end, ring);
            }
        }
    }

    static bool Fits(string kind, Partner partner, World world) => kind switch
    {
        "ctr_inflation" => partner.HasImpressions && partner.TagBreaks > world.Facts.Days,
        "account_takeover" => partner.FirstDay == 0 && partner.Daily > 3,
        _ => true,
    };

    static int Start(Dice dice, string kind, Partner[] partners, int days)
    {
        var first = partners.Max(partner => partner.FirstDay);
        if (kind == "account_takeover")
            return dice.Whole(Math.Min(20, days / 2), days - 8);
        if (first > 0)
            return Math.Min(days - 8, first + dice.Whole(1, 14));
        return dice.Whole(dice.Chance(0.1) ? 2 : Math.Min(10, days / 3), days - 8);
    }

    static void WriteOne(World world, Partner partner, Partner[] all, string kind, string strength, int start, int end, string ring)
    {
        var dice = new Dice(world.Options.Seed, 4, partner.Number);
        var (low, high) = strength switch { "low" => (15, 160), "mid" => (60, 450), _ => (150, 1400) };
        var cheat = new Cheat(world, partner, dice)
        {
            Kind = kind,
            Strength = strength,
            FirstDay = start,
            EndDay = end,
            Ring = ring,
            Accomplices = [.. all.Where(other => other != partner)],
            Boldness = Math.Clamp(strength switch { "low" => 0.25, "mid" => 0.55, _ => 0.9 } * dice.Between(0.75, 1.25), 0.1, 1),
            Target = dice.Scale(low, high),
        };
        s_writers[kind](cheat);
        var from = world.Facts.Start.AddDays(start);
        world.Labels.Add(new(partner.Id, kind, from, world.Facts.Start.AddDays(end), strength, ring, (decimal)Math.Round(cheat.Loss, 2)));
    }

    // Somebody else has the account, and is in a hurry.
    static void Takeover(Cheat cheat)
    {
        string[] kinds = cheat.World.Facts.PayPerClick > 0
            ? ["bot_burst", "checkout_injection", "fake_orders", "cookie_stuffing", "stolen_cards", "bot_steady"]
            : ["checkout_injection", "fake_orders", "cookie_stuffing", "stolen_cards"];
        s_writers[cheat.Dice.Pick(kinds)](cheat);
    }
}
