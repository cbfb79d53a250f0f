using AffiliateSidecar.Storage;
using AffiliateSidecar.Support;
using LinqToDB.Async;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using static AffiliateSidecar.Fraud.AlikePartners;

namespace AffiliateSidecar.Fraud;

/// <summary>What single signals see, and what they leave alone.</summary>
public sealed class SignalTests
{
    const uint Foreign = 99;
    static readonly DateOnly Changed = First.AddDays(30);

    /// <summary>The third partner gets six clicks a day more from a site that never sent anybody before; so many of them buy.</summary>
    static PartnerRisk FromElsewhere(int buyers) => Look(12,
        clicks: (p, d) => p != 3 || d.Day < Changed ? d : d with { Hours = d.Hours.SetItem(12, 9), Referrers = [.. d.Referrers, new(Foreign, 6)], Landings = [new(0, 54)], Agents = [new(1, 36), new(2, 18)], Countries = [new(17477, 54)] },
        more: day => day < Changed ? [] : Enumerable.Range(0, buyers).Select(i => (3, Order(3, day) is var usual ? usual with { Id = $"more-{day:MMdd}-{i}", Customer = $"m{day:MMdd}{i}", Click = usual.Click! with { Referrer = Foreign } } : null!)))
        .Single(r => r.PartnerId == 3);

    [Fact]
    public void Who_is_sent_buyers_from_elsewhere_all_of_a_sudden_has_changed()
    {
        var risk = FromElsewhere(buyers: 2);
        Assert.Contains(risk.Suspicions, f => f.Signal == "changed-traffic");
        Assert.Contains("behaviour_change", risk.Reasons);
    }

    [Fact]
    public void Who_is_sent_visitors_from_elsewhere_who_hardly_buy_has_not()
    {
        var risk = FromElsewhere(buyers: 0);
        Assert.DoesNotContain(risk.Suspicions, f => f.Signal == "changed-traffic");
        Assert.False(risk.IsAlert);
    }

    [Fact]
    public void Mail_addresses_made_for_one_use_speak_against_whose_buyers_have_them_and_nobody_knows_of_old_ones()
    {
        bool? Has(int partner, DateOnly day, int throwing) => day < First.AddDays(5) ? null : partner <= throwing && day.DayNumber % 3 == 0;
        var one = Look(12, orders: (p, o) => o with { HasDisposableMail = Has(p, o.Day, throwing: 1) });
        Assert.Equal([1], one.Where(r => r.Suspicions.Any(f => f.Signal == "disposable-mail")).Select(r => r.PartnerId));
        Assert.Contains("fake_orders", one[0].Reasons);
        IsQuiet(Look(12, orders: (p, o) => o with { HasDisposableMail = Has(p, o.Day, throwing: 12) }));
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(0, false)]
    public void Buyers_who_come_from_a_site_that_is_not_the_partners_and_buy_at_once_are_somebody_elses(int buyers, bool isOdd) =>
        Assert.Equal(isOdd, FromElsewhere(buyers).Suspicions.Any(f => f.Signal == "borrowed-buyers"));

    [Theory]
    [InlineData(true, 4, true)]
    [InlineData(true, 1, false)]
    [InlineData(false, 4, false)]
    public void One_chargeback_says_something_where_the_order_was_a_strangers_and_large(bool isNew, int size, bool isOdd)
    {
        var risks = Look(12, orders: (p, o) => p == 3 && o.Day == Changed
            ? o with { IsNewCustomer = isNew, AmountMinor = size * o.AmountMinor, Return = ReturnKind.Chargeback, ReturnedAt = o.PlacedAt.AddDays(10) } : o);
        Assert.Equal(isOdd ? [3] : [], risks.Where(r => r.Suspicions.Any(f => f.Signal == "stolen-cards")).Select(r => r.PartnerId));
        IsQuiet(risks);
    }

    [Fact]
    public void Who_shares_a_little_with_two_of_a_ring_belongs_to_both_and_weakens_neither()
    {
        // Six customers buy through 8 and 9, two more through 3 and 8, and two through 3 and 9.
        static string? Shared(int partner, int day) => (partner, day) switch
        {
            (8 or 9, < 6) => $"friend{day}",
            (3, 10 or 11) or (8, 10 or 11) => $"of8-{day}",
            (3, 12 or 13) or (9, 12 or 13) => $"of9-{day}",
            _ => null,
        };
        var risks = Look(12, orders: (p, o) => o with { Customer = Shared(p, o.Day.DayNumber - First.DayNumber) ?? o.Customer });
        IReadOnlyList<int> RingOf(int partner) => risks.Single(r => r.PartnerId == partner).Ring;
        Assert.Equal([8, 9], RingOf(3));
        Assert.Equal([9], RingOf(8));
        Assert.Equal([8], RingOf(9));
    }

    [Fact]
    public void Large_orders_of_strangers_are_odd_and_those_of_a_dear_niche_are_not()
    {
        static OrderFigures Dear(OrderFigures order) => order with { AmountMinor = 4 * order.AmountMinor };
        var one = Look(12, orders: (p, o) => p != 3 ? o : o.Day < Changed || o.IsNewCustomer == false ? o : Dear(o) with { Click = o.Click! with { Referrer = 0 } });
        Assert.Equal([3], one.Where(r => r.Suspicions.Any(f => f.Signal == "large-orders")).Select(r => r.PartnerId));
        Assert.DoesNotContain(Look(12, orders: (p, o) => p == 3 ? Dear(o) : o), r => r.Suspicions.Any(f => f.Signal == "large-orders"));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(5, false)]
    public void One_buyer_on_the_line_that_a_partner_signed_up_on_is_the_partner_and_many_are_his_colleagues(int buyers, bool isOwn)
    {
        var risk = Look(12, orders: (p, o) => p == 3 && o.Day.DayNumber % 2 == 0 ? o with { Address = 3, Customer = $"colleague{o.Day.DayNumber % buyers}" } : o).Single(r => r.PartnerId == 3);
        Assert.Equal(isOwn, risk.Suspicions.Any(f => f.Signal == "self-purchase"));
    }

    [Fact]
    public void Clicks_of_one_night_are_a_post_that_went_round_and_those_of_every_night_are_not()
    {
        static DayFigures Night(DayFigures day, int clicks) => day with
        {
            Hours = day.Hours.SetItem(2, clicks), Agents = [.. day.Agents, new(2, clicks)], Countries = [new(17477, 48 + clicks)], Referrers = [new(7, 48 + clicks)], Landings = [new(0, 48 + clicks)],
            Addresses = [.. day.Addresses, .. Enumerable.Range(1, clicks).Select(a => new Tally((uint)(90_000_000 + day.Day.DayNumber % 1000 * 1000 + a), 1))],
        };
        bool IsOdd(Func<DateOnly, int> clicks) => Look(12, clicks: (p, d) => p == 3 && clicks(d.Day) is > 0 and var more ? Night(d, more) : d).Single(r => r.PartnerId == 3).Suspicions.Any(f => f.Signal == "no-night");
        Assert.True(IsOdd(day => day >= Changed ? 60 : 0));
        Assert.False(IsOdd(day => day == First.AddDays(Days - 3) ? 900 : 0));
    }

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(1, 1000, true)]
    [InlineData(0, 1000, false)]
    public void The_more_is_at_stake_the_less_evidence_is_enough(double suspicious, long minor, bool isAlert)
    {
        var finding = new SignalFinding("x", "x", new(1, suspicious > 0 ? FindingState.Suspicious : FindingState.Normal, ["ctr"], "", 0, 100 * minor) { Strength = 4.6 });
        Assert.Equal(isAlert, Detector.Judge(1, [finding], Thresholds.Default, new ProgramOdds(0, 100)).IsAlert);
    }

    [Theory, BothDatabases]
    public async Task An_order_remembers_of_its_mail_address_only_whether_it_was_made_for_one_use(Db db)
    {
        await using var app = await SidecarApp.StartAsync(db, customise: Nights.Off);
        await app.PartnerAsync("sara");
        foreach (var (id, email) in new[] { ("1", "nobody@mailinator.com"), ("2", "somebody@example.com"), ("3", null) })
            await app.PutAsync($"/v1/orders/main/{id}", Some.Order(partner: "sara").With("customer", new { external_id = id, email, is_new = true }));
        // A later statement without the address leaves it as it was.
        await app.PutAsync("/v1/orders/main/1", Some.Order(partner: "sara", updatedAt: "2026-11-21T10:00:00Z").With("customer", new { external_id = "1", is_new = true }));
        await using var data = app.Services.GetRequiredService<Database>().Open();
        var orders = await data.Orders.OrderBy(o => o.ExternalId).ToListAsync();
        Assert.Equal([true, false, null], orders.Select(o => o.HasDisposableMail));
        Assert.All(orders, o => Assert.DoesNotContain("nobody@", o.Body, StringComparison.OrdinalIgnoreCase));
    }
}
