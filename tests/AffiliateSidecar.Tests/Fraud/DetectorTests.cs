using AffiliateSidecar.ProvingGround;
using Xunit;

namespace AffiliateSidecar.Fraud;

public sealed class DetectorTests
{
    // What the whole proving ground is held to, and some room: of two programs a single false alarm is half a point.
    const double LeastPrecision = 0.75, LeastRecallByMoney = 0.6, MostFalseAlarms = 1.5, LeastRightReason = 0.9;

    [Fact]
    public void On_programs_never_seen_in_tuning_alerts_are_right_and_find_the_money()
    {
        var score = Scorer.Judge([.. Enumerable.Range(501, 2).Select(seed => Prove.Run(ProgramGenerator.Generate(new() { Seed = seed }), $"{seed}"))]);
        Assert.True(score.Precision.Value >= LeastPrecision && score.MoneyRecall.Value >= LeastRecallByMoney && score.FalseAlarms.Value <= MostFalseAlarms && score.RightReason.Value >= LeastRightReason, score.ToString());
        Assert.True(score.WorstWeek <= 6, score.ToString());
    }

    [Fact]
    public void Where_nobody_cheats_it_is_quiet()
    {
        var score = Scorer.Judge([.. Enumerable.Range(511, 1).Select(seed => Prove.Run(ProgramGenerator.Generate(new() { Seed = seed, CheatShare = 0 }), $"{seed}"))]);
        Assert.True(score.FalseAlarmsWhereHonest.Value <= 2, score.ToString());
    }

    [Fact]
    public void Cutting_the_future_off_changes_no_earlier_alert_and_the_same_history_gives_the_same_alerts()
    {
        var program = ProgramGenerator.Generate(new() { Seed = 521, Partners = 40, Days = 50 });
        var whole = Prove.Replay(program).Where(r => r.IsAlert).Select(Text).ToList();
        Assert.True(whole.Count >= 2);
        Assert.Equal(whole, Prove.Replay(program).Where(r => r.IsAlert).Select(Text));
        var cut = program.Facts.Start.AddDays(35);
        Assert.Equal(whole.Where(t => string.CompareOrdinal(t, $"{cut:yyyy-MM-dd}") <= 0 || t.StartsWith($"{cut:yyyy-MM-dd}", StringComparison.Ordinal)), Prove.Replay(program, cut).Where(r => r.IsAlert).Select(Text));
    }

    static string Text(ReplayRow row) => $"{row.Day:yyyy-MM-dd} {row.PartnerId} {row.Score:R} {string.Join(' ', row.Reasons)} {row.Message}";
}
