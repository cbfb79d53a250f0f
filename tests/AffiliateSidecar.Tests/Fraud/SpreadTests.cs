using Xunit;

namespace AffiliateSidecar.Fraud;

public sealed class SpreadTests
{
    [Fact]
    public void A_flat_spread_of_shares_makes_every_count_equally_likely()
    {
        var flat = new ShareSpread(1, 1);
        for (var k = 0; k <= 20; k++)
            Assert.Equal((21.0 - k) / 21, Math.Pow(10, flat.LogAtLeast(k, 20)), 8);
    }

    [Fact]
    public void A_spread_of_rates_with_shape_one_halves_with_every_case()
    {
        var spread = new RateSpread(1, 1);
        for (var k = 0; k <= 20; k++)
            Assert.Equal(Math.Pow(0.5, k), Math.Pow(10, spread.LogAtLeast(k, 1)), 8);
        Assert.Equal(6, spread.Usual(1));
    }

    [Fact]
    public void One_cheat_among_the_others_does_not_widen_the_spread()
    {
        var honest = Enumerable.Range(0, 19).Select(i => (Count: (double)(i % 3), Of: 100.0)).ToList();
        var clean = ShareSpread.Of(honest).LogAtLeast(20, 100);
        var mixed = ShareSpread.Of(honest.Append((Count: 80.0, Of: 100.0))).LogAtLeast(20, 100);
        Assert.True(clean < -4 && mixed < -4, $"{clean} {mixed}");
    }

    [Fact]
    public void Partners_who_differ_honestly_make_a_wide_spread()
    {
        var alike = Enumerable.Range(0, 20).Select(_ => (Count: 10.0, Of: 100.0));
        var unlike = Enumerable.Range(0, 20).Select(i => (Count: i % 2 == 0 ? 1.0 : 19.0, Of: 100.0));
        Assert.True(ShareSpread.Of(alike).LogAtLeast(30, 100) < -3);
        Assert.True(ShareSpread.Of(unlike).LogAtLeast(30, 100) > -2);
    }

    [Fact]
    public void What_was_seen_draws_a_rate_towards_itself()
    {
        var prior = new RateSpread(2, 100);
        Assert.Equal(0.02, prior.Mean, 10);
        Assert.Equal(52.0 / 1100, prior.After(50, 1000).Mean, 10);
    }
}
