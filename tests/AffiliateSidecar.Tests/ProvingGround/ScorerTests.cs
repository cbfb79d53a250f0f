using Xunit;

namespace AffiliateSidecar.ProvingGround;

/// <summary>The judge's figures, worked out by hand.</summary>
public sealed class ScorerTests
{
    static readonly DateOnly Start = new(2025, 1, 1);

    static ProgramTruth Truth(params Label[] labels) => new("tiny", Start, 60, [.. Enumerable.Range(1, 5).Select(n => new Member($"a{n}", new DateOnly(2024, 1, 1)))],
        labels, [.. labels.SelectMany(label => new[] { new Loss(label.Affiliate, label.Start, label.Loss / 4), new Loss(label.Affiliate, label.Start.AddDays(9), label.Loss * 3 / 4) })],
        new Dictionary<string, string>());

    static Label Cheat(string affiliate, int day, decimal loss, string kind = "fake_orders") => new(affiliate, kind, Start.AddDays(day), Start.AddDays(60), "mid", "", loss);

    static Alert Row(string affiliate, int day, double score, string reason = "refund", bool message = true, string? id = null)
        => new(affiliate, Start.AddDays(day).ToDateTime(new TimeOnly(23, 0)), score, reason, message, id);

    [Fact]
    public void A_found_a_missed_and_a_false_one()
    {
        var score = Scorer.Judge([new Judged(Truth(Cheat("a1", 20, 300), Cheat("a2", 20, 100), Cheat("a3", 20, 20)),
            [Row("a1", 25, 0.9), Row("a4", 26, 0.8), Row("a2", 59, 0.5, message: false), Row("a3", 59, 0.1, message: false), Row("a5", 59, 0.1, message: false)])], 10);
        Assert.Equal(0.5, score.Precision.Value);
        Assert.Equal(1 / 3.0, score.Recall.Value, 9);
        Assert.Equal(0.5, score.MaterialRecall.Value);
        Assert.Equal(300 / 420.0, score.MoneyRecall.Value, 9);
        Assert.Equal((75 + 100 + 20) / 420.0, score.LostBefore.Value, 9);
        Assert.Equal(5, score.DaysToDetection.Value);
        Assert.Equal(1, score.RightReason.Value);
        // Two honest affiliates for two months, one wrong block.
        Assert.Equal(25, score.FalseAlarms.Value);
        Assert.Equal(2 / (60 / 7.0), score.AlertsPerWeek.Value, 9);
        Assert.Equal(2, score.WorstWeek);
        // Ranked a1 (cheat), a4, a2 (cheat), then a3 (cheat) and a5 as one step.
        Assert.Equal((1 + 2 / 3.0 + 3 / 5.0) / 3, score.AveragePrecision.Value, 9);
        Assert.Equal((0.01 + 0.25 + 0.81 + 0.64 + 0.01) / 5, score.Brier.Value, 9);
    }

    [Fact]
    public void An_alert_before_the_cheating_is_false_and_one_after_it_still_right()
    {
        var score = Scorer.Judge([new Judged(Truth(Cheat("a1", 20, 80)), [Row("a1", 10, 0.9), Row("a1", 31, 0.9, "chargeback")])], 10);
        Assert.Equal(0.5, score.Precision.Value);
        Assert.Equal(1, score.Recall.Value);
        Assert.Equal(11, score.DaysToDetection.Value);
        Assert.Equal(0, score.RightReason.Value);
        Assert.Equal(100 * 1 / 8.0, score.FalseAlarms.Value);
        Assert.Equal(1, score.LostBefore.Value);
    }

    [Fact]
    public void A_ring_is_one_message()
    {
        var score = Scorer.Judge([new Judged(Truth(Cheat("a1", 20, 80, "ring"), Cheat("a2", 20, 80, "ring")),
            [Row("a1", 25, 0.9, "shared_identity: two partners", id: "m1"), Row("a2", 25, 0.9, "shared_identity: two partners", id: "m1")])], 10);
        Assert.Equal(1, score.WorstWeek);
        Assert.Equal(1, score.Precision.Value);
        Assert.Equal(1, score.RightReason.Value);
    }

    [Fact]
    public void Alerts_where_nobody_cheats_are_all_false()
    {
        var score = Scorer.Judge([new Judged(Truth(), [Row("a1", 3, 4), Row("a1", 33, 4)]), new Judged(Truth(Cheat("a1", 5, 60)), [])], 200);
        Assert.Equal(20, score.FalseAlarmsWhereHonest.Value);
        Assert.Equal(0, score.Precision.Value);
        Assert.True(double.IsNaN(score.Brier.Value));
        Assert.True(score.FalseAlarms.Low < score.FalseAlarms.Value && score.FalseAlarms.Value < score.FalseAlarms.High);
        Assert.Contains("fake_orders", score.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_written_is_read_again()
    {
        var folder = Directory.CreateTempSubdirectory();
        var program = ProgramGenerator.Generate(new ProgramOptions { Seed = 2, Partners = 20, Days = 30, Traffic = 0.2, CheatShare = 0.3 });
        program.WriteCsv(folder.FullName, gzip: true);
        File.WriteAllText(Path.Combine(folder.FullName, "alerts.csv"), "affiliate,detected_at,score,reason,alert\n" +
            $"{program.Labels[0].Affiliate},{program.Facts.End.AddDays(-1):yyyy-MM-dd},0.7,\"refund: 3, not 1\",1\n");
        var truth = ProgramFiles.ReadTruth(folder.FullName);
        Assert.Equivalent(program.Truth(truth.Name), truth);
        var alert = Assert.Single(ProgramFiles.ReadAlerts(folder.FullName));
        Assert.Equal("refund: 3, not 1", alert.Reason);
        Assert.Equal(1, Scorer.Judge([new Judged(truth, [alert])], 10).Precision.Value);
        Assert.Equal(program.Clicks.Select(click => click.UserAgent), ProgramFiles.Read(folder.FullName, "clicks.csv").Select(row => row["user_agent"]));
        folder.Delete(recursive: true);
    }
}
