namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>Cheats who take the credit for customers that would have come anyway.</summary>
static class Takers
{
    /// <summary>A script in the customer's browser calls the link when the cart is full.</summary>
    public static void CheckoutInjection(Cheat cheat)
    {
        var dice = cheat.Dice;
        var lag = 18 + 60 * (1 - cheat.Boldness) * dice.Between(0.3, 1.5);
        var newShare = cheat.World.NewShare * dice.Between(0.15, 0.55);
        var atCheckout = dice.Between(0.1, 0.7) * cheat.Boldness;
        var lost = dice.Between(0.2, 1.2);
        foreach (var time in cheat.Moments(cheat.Orders()))
        {
            var visitor = cheat.Shopper(time);
            // Who hides it waits now and then.
            var seconds = cheat.Bold(1.5) ? Math.Max(5, dice.LogNormal(lag, 0.55)) : dice.LogNormal(cheat.World.QuickSeconds * 0.4, 0.7);
            Take(cheat, time, (long)seconds, visitor, newShare, atCheckout);
            if (dice.Chance(lost))
                Take(cheat, time + dice.Whole(-40000, 40000), 0, cheat.Shopper(time), 0, atCheckout, buys: false);
        }
    }

    static void Take(Cheat cheat, long time, long lag, Visitor visitor, double newShare, double atCheckout, bool buys = true)
    {
        var dice = cheat.Dice;
        var landing = dice.Chance(atCheckout) ? dice.Chance(0.55) ? "/checkout" : "/cart" : dice.Chance(0.75) ? "/" : dice.Pick(cheat.Partner.Landings);
        var referrer = dice.Share() switch
        {
            < 0.5 => "",
            < 0.75 => cheat.OwnPage(),
            _ when landing is "/cart" or "/checkout" || cheat.Bold(0.5) => "https://shop.example" + (dice.Chance(0.5) ? "/checkout" : "/cart"),
            _ => dice.Pick(cheat.Partner.Referrers),
        };
        if (buys)
            cheat.Take(time, lag, visitor, referrer, landing, newShare);
        else
            cheat.Click(time, visitor, referrer, landing);
    }

    /// <summary>An extension that sets the cookie on every page of the shop.</summary>
    public static void ToolbarInjection(Cheat cheat)
    {
        var dice = cheat.Dice;
        var newShare = cheat.World.NewShare * dice.Between(0.25, 0.75);
        var conversion = dice.Between(0.08, 0.3);
        var median = 25 + 160 * (1 - cheat.Boldness);
        var count = (int)(cheat.Orders(cheat.World.Facts.PayPerClick / conversion) / conversion);
        foreach (var time in cheat.Moments(count))
        {
            var visitor = cheat.Shopper(time, Agents.Desks);
            var page = dice.Chance(0.35) ? "/" : cheat.Bold(0.4) ? "/cart" : $"/p/{dice.Whole(1000, 3000)}";
            var referrer = cheat.Bold(0.6) ? "https://shop.example" + page : dice.Chance(0.8) ? "" : cheat.OwnPage();
            var click = cheat.Click(time, visitor, referrer, page);
            if (dice.Chance(conversion))
                cheat.TakeAfter(click, time + (long)Math.Max(4, dice.LogNormal(median, 0.9)), visitor.Ip, newShare, dice.Chance(cheat.Partner.CodeShare));
        }
    }

    /// <summary>Hidden frames on other sites: their readers get the cookie, and some of them buy some day.</summary>
    public static void CookieStuffing(Cheat cheat)
    {
        var dice = cheat.Dice;
        var conversion = dice.Between(0.0018, 0.008);
        var sites = Enumerable.Range(0, dice.Whole(2, 6)).Select(_ => $"https://net-{dice.Whole(1, 60):00}.example/").ToArray();
        var blank = dice.Between(0.4, 0.85);
        var page = dice.Chance(0.7) ? "/" : World.Page(dice);
        Spread(cheat, conversion, time => cheat.Shopper(time), () => dice.Chance(blank) ? "" : cheat.Bold(1.1) ? dice.Pick(sites) : dice.Pick(cheat.Partner.Referrers),
            () => dice.Chance(0.95) ? page : dice.Pick(cheat.Partner.Landings), cheat.World.NewShare * dice.Between(0.4, 0.9), evenly: false);
    }

    /// <summary>As many clicks as it takes to be the last one before any sale.</summary>
    public static void ClickFlood(Cheat cheat)
    {
        var dice = cheat.Dice;
        var conversion = dice.Between(0.0007, 0.0025);
        var mix = dice.Chance(0.6) ? Agents.Phones : Agents.People;
        Spread(cheat, conversion, time => cheat.Bold(0.15) ? new(Places.Cloud(dice), Agents.Odd(dice), cheat.World.Home) : cheat.Shopper(time, mix),
            () => dice.Chance(0.85) ? "" : cheat.OwnPage(), () => dice.Chance(0.5) ? "/" : dice.Pick(cheat.Partner.Landings),
            cheat.World.NewShare * dice.Between(0.7, 1.05), evenly: cheat.Boldness > 0.5);
    }

    static void Spread(Cheat cheat, double conversion, Func<long, Visitor> visitor, Func<string> referrer, Func<string> landing, double newShare, bool evenly)
    {
        var dice = cheat.Dice;
        var window = cheat.World.Facts.CookieDays * 86400.0;
        // Half of the sales come after the end of what is known.
        var known = Math.Clamp(cheat.Days * 86400.0 / window, 0.15, 1.2) / 1.6;
        var count = (int)Math.Min(cheat.Orders(cheat.World.Facts.PayPerClick / conversion) / conversion / known, 1500 + 22_000 * cheat.Boldness);
        foreach (var time in cheat.Moments(count, evenly))
        {
            var who = visitor(time);
            var click = cheat.Click(time, who, referrer(), landing());
            if (!dice.Chance(conversion))
                continue;
            var lag = (long)(dice.Between(0.0005, 1) * window);
            var ip = dice.Chance(cheat.World.SameLine) ? who.Ip : cheat.World.Address(dice, who.Place, who.Agent);
            cheat.TakeAfter(click, time + lag, ip, newShare);
        }
    }

    /// <summary>Advertisements on the shop's own name.</summary>
    public static void BrandBidding(Cheat cheat)
    {
        var dice = cheat.Dice;
        var shown = 0.25 + 0.6 * cheat.Boldness * dice.Between(0.5, 1.1);
        OwnName(cheat, () => dice.Chance(shown) ? dice.Chance(0.85) ? "https://www.google.com/" : "https://www.bing.com/"
            : dice.Chance(0.5) ? "" : cheat.Partner.Website + "/go", dice.Between(0.2, 0.9));
    }

    /// <summary>Domains a letter away from the shop's.</summary>
    public static void Typosquatting(Cheat cheat)
    {
        var dice = cheat.Dice;
        var domains = new[] { "shopp.example", "sh0p.example", "www-shop.example", "shop-online.example" }.OrderBy(_ => dice.Share()).Take(dice.Whole(1, 3)).ToArray();
        OwnName(cheat, () => cheat.Bold(0.8) ? $"https://{dice.Pick(domains)}/" : dice.Chance(0.75) ? "" : cheat.OwnPage(), 0);
    }

    // Who looks for the shop by name buys, and knows it already.
    static void OwnName(Cheat cheat, Func<string> referrer, double clickIds)
    {
        var dice = cheat.Dice;
        var conversion = Math.Min(0.3, cheat.World.Conversion * dice.Between(3, 7));
        var newShare = cheat.World.NewShare * dice.Between(0.3, 0.7);
        var lag = cheat.World.QuickSeconds * dice.Between(0.25, 0.6);
        foreach (var time in cheat.Moments((int)(cheat.Orders(cheat.World.Facts.PayPerClick / conversion) / conversion)))
        {
            var visitor = cheat.Shopper(time);
            var from = referrer();
            var landing = dice.Chance(0.6 + 0.35 * cheat.Boldness) ? "/" : dice.Pick(cheat.Partner.Landings);
            if (from.Contains("www.", StringComparison.Ordinal) && dice.Chance(clickIds))
                landing += "?gclid=Cj" + dice.Bits().ToString("x16")[..11];
            var click = cheat.Click(time, visitor, from, landing);
            if (dice.Chance(conversion))
                cheat.TakeAfter(click, time + (long)dice.LogNormal(lag, 0.7), visitor.Ip, newShare, dice.Chance(cheat.Partner.CodeShare));
        }
    }

    /// <summary>The partner's code in an extension that tries it in every cart.</summary>
    public static void CouponLeak(Cheat cheat)
    {
        var dice = cheat.Dice;
        var newShare = cheat.World.NewShare * dice.Between(0.3, 0.75);
        foreach (var time in cheat.Moments(cheat.Orders()))
        {
            var visitor = cheat.Shopper(time, dice.Chance(0.8) ? Agents.Desks : Agents.People);
            var click = dice.Chance(0.08) ? cheat.Click(time - dice.Whole(8, 600), visitor, $"https://coupons-{dice.Whole(1, 9)}.example/", "/") : null;
            cheat.TakeAfter(click, time, visitor.Ip, newShare, code: true);
        }
    }
}
