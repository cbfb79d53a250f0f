using System.Security.Cryptography;
using AffiliateSidecar.ProvingGround.Cheats;
using Xunit;

namespace AffiliateSidecar.ProvingGround;

/// <summary>The made-up programs are repeatable, and each cheat leaves the mark it is named for.</summary>
public sealed class ProgramGeneratorTests
{
    static GeneratedProgram Only(string kind, int seed = 5)
        => ProgramGenerator.Generate(new ProgramOptions { Seed = seed, Partners = 24, CheatShare = 0.4, Kinds = [kind], Strength = "high", Traffic = 0.25 });

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        static string Hash(int seed)
        {
            var folder = Directory.CreateTempSubdirectory();
            ProgramGenerator.Generate(new ProgramOptions { Seed = seed, Partners = 20, Days = 30, Traffic = 0.3 }).WriteCsv(folder.FullName);
            var all = Directory.GetFiles(folder.FullName).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).ToArray();
            folder.Delete(recursive: true);
            return Convert.ToHexString(SHA256.HashData(all));
        }
        Assert.Equal(Hash(1), Hash(1));
        Assert.NotEqual(Hash(1), Hash(2));
    }

    [Fact]
    public void Where_nobody_cheats_nothing_is_labelled_and_the_honest_rows_are_the_same()
    {
        var options = new ProgramOptions { Seed = 3, Partners = 30, Traffic = 0.5 };
        var honest = ProgramGenerator.Generate(options with { CheatShare = 0 });
        var mixed = ProgramGenerator.Generate(options);
        Assert.Empty(honest.Labels);
        Assert.Empty(honest.Losses);
        var cheats = mixed.Labels.Select(label => label.Affiliate).ToHashSet();
        Assert.NotEmpty(cheats);
        Assert.Equal(honest.Clicks.Where(click => !cheats.Contains(click.Affiliate)).Select(click => (click.Time, click.Ip, click.UserAgent)),
            mixed.Clicks.Where(click => !cheats.Contains(click.Affiliate)).Select(click => (click.Time, click.Ip, click.UserAgent)));
    }

    [Fact]
    public void Rows_are_in_the_order_of_time_and_inside_the_program()
    {
        var program = ProgramGenerator.Generate(new ProgramOptions { Seed = 4, Partners = 30, CheatShare = 0.5 });
        var start = program.Facts.Start.ToDateTime(TimeOnly.MinValue);
        var end = program.Facts.End.ToDateTime(TimeOnly.MinValue);
        Assert.True(program.Clicks.Zip(program.Clicks.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time));
        Assert.True(program.Orders.Zip(program.Orders.Skip(1)).All(pair => pair.First.Time <= pair.Second.Time));
        Assert.All([program.Clicks[0].At, program.Clicks[^1].At, program.Orders[0].At, program.Orders[^1].At], at => Assert.InRange(at, start, end));
        var joined = program.Affiliates.ToDictionary(affiliate => affiliate.Id, affiliate => affiliate.JoinedAt);
        Assert.DoesNotContain(program.Clicks, click => DateOnly.FromDateTime(click.At) < joined[click.Affiliate]);
        Assert.DoesNotContain(program.Orders, order => order.Click is { } click && (click.Time > order.Time || program.Clicks[click.Number] != click));
        // The days are rounded, the sum is not.
        Assert.InRange(program.Labels.Sum(label => label.Loss) - program.Losses.Sum(loss => loss.Amount), -2m, 2m);
    }

    [Fact]
    public void Every_kind_occurs()
    {
        var seen = CheatKinds.All.Where(kind => Only(kind).Labels.Any(label => label.Kind == kind && label.Loss > 0));
        Assert.Equal(CheatKinds.All, seen);
    }

    [Theory]
    [InlineData("fake_orders")]
    [InlineData("returns_ring")]
    [InlineData("cancelled_cod")]
    public void Empty_orders_come_back_more_often(string kind)
    {
        var program = Only(kind);
        var back = program.Refunds.Select(refund => refund.Order).ToHashSet();
        var (cheats, others) = Split(program);
        Assert.True(Share(cheats, back.Contains) > 2 * Share(others, back.Contains));
    }

    [Theory]
    [InlineData("checkout_injection")]
    [InlineData("toolbar_injection")]
    public void Injected_clicks_are_seconds_old_when_they_sell(string kind)
    {
        var (cheats, others) = Split(Only(kind));
        static bool IsInstant(Order order) => order.Click is { } click && order.Time - click.Time < 120;
        Assert.True(Share(cheats, IsInstant) > 0.3);
        Assert.True(Share(others, IsInstant) < 0.1);
    }

    [Fact]
    public void Stolen_cards_are_charged_back()
    {
        var (cheats, others) = Split(Only("stolen_cards"));
        Assert.True(Share(cheats, order => order.Status == "chargeback") > 5 * Share(others, order => order.Status == "chargeback"));
    }

    [Theory]
    [InlineData("bot_burst")]
    [InlineData("bot_steady")]
    [InlineData("click_farm")]
    [InlineData("paid_to_click")]
    [InlineData("ctr_inflation")]
    [InlineData("cookie_stuffing")]
    [InlineData("click_flood")]
    public void Empty_clicks_sell_less(string kind)
    {
        var program = Only(kind);
        var honest = ProgramGenerator.Generate(new ProgramOptions { Seed = 5, Partners = 24, CheatShare = 0, Kinds = [kind], Traffic = 0.25 });
        double Rate(GeneratedProgram of)
        {
            var during = program.Labels.ToDictionary(label => label.Affiliate);
            bool Is(string affiliate, DateTime at) => during.TryGetValue(affiliate, out var label) && DateOnly.FromDateTime(at) >= label.Start;
            return of.Orders.Count(order => order.Click is { } click && Is(click.Affiliate, click.At)) / (double)of.Clicks.Count(click => Is(click.Affiliate, click.At));
        }
        Assert.True(Rate(program) < Rate(honest));
    }

    static (Order[] Cheats, Order[] Others) Split(GeneratedProgram program)
    {
        var start = program.Labels.ToDictionary(label => label.Affiliate, label => label.Start);
        return ([.. program.Orders.Where(order => start.TryGetValue(order.Affiliate, out var from) && DateOnly.FromDateTime(order.At) >= from)],
            [.. program.Orders.Where(order => !start.ContainsKey(order.Affiliate))]);
    }

    static double Share(Order[] orders, Func<Order, bool> what) => orders.Count(what) / (double)Math.Max(1, orders.Length);
}
