using CsCheck;
using Xunit;

namespace AffiliateSidecar.Tracking;

public sealed class DayProfileTests
{
    static readonly Gen<(int Hour, uint Agent, uint Country, uint Referrer, int Landing, uint Address, bool Hosted)> Clicks =
        Gen.Select(Gen.Int[0, 23], Gen.UInt[0, 9000], Gen.UInt[0, 30], Gen.UInt, Gen.Int[0, 7], Gen.UInt, Gen.Bool);

    [Fact]
    public void The_same_clicks_in_another_order_and_in_other_portions_give_the_same_bytes() =>
        Gen.Select(Clicks.Array[0, 6000], Gen.Int[0, 5999], Gen.Int).Sample((clicks, cut, seed) =>
        {
            var at = Math.Min(cut, clicks.Length);
            var shuffled = clicks.ToArray();
            new Random(seed).Shuffle(shuffled);
            var once = Filled(new DayProfile(), clicks).Encode();
            var portions = Filled(DayProfile.Decode(Filled(new DayProfile(), shuffled[..at]).Encode()), shuffled[at..]).Encode();
            Assert.Equal(once, portions);
        }, iter: 60);

    [Fact]
    public void A_flood_of_made_up_browsers_keeps_its_count_and_takes_little_room()
    {
        var profile = Filled(new DayProfile(), Enumerable.Range(0, 200_000).Select(i => (i % 24, ClickFacts.Text($"agent {i}"), 1u, 0u, 0, (uint)i + 1, false)));
        var figures = profile.Figures(new(2026, 1, 1));
        Assert.Equal(200_000, figures.Clicks);
        Assert.InRange(figures.Agents.Length, 1000, 4096);
        Assert.InRange(profile.Encode().Length, 1000, 80_000);
    }

    [Fact]
    public void A_million_clicks_in_an_hour_are_counted_and_stay_small()
    {
        var profile = Filled(new DayProfile(), Enumerable.Range(0, 1_000_000).Select(i => (13, (uint)i % 50_000 + 1, (uint)i % 250, (uint)i, i % 8, (uint)i + 1, i % 2 == 0)));
        var bytes = profile.Encode();
        Assert.InRange(bytes.Length, 1000, 100_000);
        Assert.Equal((1_000_000, 500_000), (DayProfile.Figures(bytes, new(2026, 1, 1)).Hours[13], DayProfile.Figures(bytes, new(2026, 1, 1)).Hosted));
    }

    [Fact]
    public void Figures_read_from_the_bytes_are_those_of_the_profile() => Clicks.Array[0, 500].Sample(clicks =>
    {
        var profile = Filled(new DayProfile(), clicks);
        var (whole, read) = (profile.Figures(new(2026, 1, 1)), DayProfile.Figures(profile.Encode(), new(2026, 1, 1)));
        Assert.Equal((whole.Invalid, whole.Hosted), (read.Invalid, read.Hosted));
        Assert.Equal(whole.Hours.AsEnumerable(), read.Hours.AsEnumerable());
        foreach (var list in new Func<DayFigures, IEnumerable<Tally>>[] { f => f.Agents, f => f.Countries, f => f.Referrers, f => f.Landings, f => f.Addresses })
            Assert.Equal(list(whole), list(read));
    }, iter: 60);

    [Theory]
    [InlineData("https://www.google.co.uk/search?q=x", ReferrerKind.Search)]
    [InlineData("https://l.facebook.com/l.php", ReferrerKind.Social)]
    [InlineData("https://mail.example.org/", ReferrerKind.Mail)]
    [InlineData("https://blog.example.org/a", ReferrerKind.Other)]
    public void A_referrer_is_known_by_its_kind(string url, uint kind)
    {
        Assert.Equal(kind, ReferrerKind.Of(ClickFacts.Referrer(url)));
        Assert.NotEqual(0u, ClickFacts.Referrer(url));
    }

    [Theory]
    [InlineData("/", false, Landing.Home)]
    [InlineData("https://shop.example/?ref=x", false, Landing.Home)]
    [InlineData("/p/1?x=/cart", false, Landing.Page)]
    [InlineData("/cart/", true, Landing.Checkout | Landing.Advertised)]
    [InlineData("/de/kasse?a=1", false, Landing.Checkout)]
    [InlineData(null, false, Landing.Page)]
    public void A_landing_page_is_told_by_its_path(string? landing, bool isAdvertised, Landing expected) => Assert.Equal(expected, ClickFacts.Land(landing, isAdvertised));

    [Fact]
    public void Bytes_that_are_no_profile_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => DayProfile.Decode([9, 1, 2]));
        Assert.Throws<InvalidDataException>(() => DayProfile.Decode([1, 1, 2]));
    }

    static DayProfile Filled(DayProfile profile, IEnumerable<(int Hour, uint Agent, uint Country, uint Referrer, int Landing, uint Address, bool Hosted)> clicks)
    {
        foreach (var c in clicks)
            profile.Add(c.Hour, c.Agent, c.Country, c.Referrer, (Landing)c.Landing, c.Address, c.Hosted);
        return profile;
    }
}
