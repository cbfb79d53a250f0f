using System.Globalization;
using System.Text;

namespace AffiliateSidecar.ProvingGround;

/// <summary>A value with its 95 % interval over programs.</summary>
public sealed record Measure(double Value, double Low, double High);

public sealed record KindScore(string Kind, string Strength, int Cases, int Detected, decimal Loss, decimal LossDetected, decimal LostBefore, double MedianDays, int RightReason);

public sealed record ArchetypeScore(string Archetype, int Affiliates, int Alerted);

/// <summary>How a detector did on some programs.</summary>
public sealed record Score
{
    public required int Programs { get; init; }
    public required int Affiliates { get; init; }
    public required int Cases { get; init; }
    public required Measure Precision { get; init; }
    public required Measure Recall { get; init; }
    /// <summary>Of cases with a loss of 50 or more.</summary>
    public required Measure MaterialRecall { get; init; }
    public required Measure MoneyRecall { get; init; }
    public required Measure AveragePrecision { get; init; }
    /// <summary>Wrongly alerted (affiliate, 30-day block) pairs per 100 honest affiliate-months.</summary>
    public required Measure FalseAlarms { get; init; }
    /// <summary>The same in programs without any cheat.</summary>
    public required Measure FalseAlarmsWhereHonest { get; init; }
    public required Measure AlertsPerWeek { get; init; }
    public required int WorstWeek { get; init; }
    public required Measure DaysToDetection { get; init; }
    public required Measure LostBefore { get; init; }
    public required Measure RightReason { get; init; }
    /// <summary>NaN where a score is no probability.</summary>
    public required Measure Brier { get; init; }
    public required IReadOnlyList<KindScore> Kinds { get; init; }
    public required IReadOnlyList<ArchetypeScore> FalselyAlerted { get; init; }

    public override string ToString()
    {
        var text = new StringBuilder();
        Line(text, $"{Programs} programs, {Affiliates} affiliates, {Cases} cases");
        foreach (var (name, measure, format) in new (string, Measure, string)[]
        {
            ("precision", Precision, "0.000"), ("recall", Recall, "0.000"), ("recall, loss of 50 or more", MaterialRecall, "0.000"),
            ("recall by money", MoneyRecall, "0.000"), ("average precision", AveragePrecision, "0.000"),
            ("false alarms per 100 months", FalseAlarms, "0.00"), ("  where nobody cheats", FalseAlarmsWhereHonest, "0.00"),
            ("alerts a week", AlertsPerWeek, "0.00"), ("days to detection", DaysToDetection, "0.0"),
            ("money lost before detection", LostBefore, "0.000"), ("right reason", RightReason, "0.000"), ("Brier", Brier, "0.0000"),
        })
            Line(text, $"{name,-30}{measure.Value.ToString(format),9}   {measure.Low.ToString(format)} - {measure.High.ToString(format)}");
        Line(text, $"{"worst week",-30}{WorstWeek,9}");
        Line(text, $"");
        Line(text, $"{"kind",-22}{"strength",-10}{"cases",6}{"found",7}{"loss",10}{"found",10}{"lost",10}{"days",7}{"reason",8}");
        foreach (var kind in Kinds)
            Line(text, $"{kind.Kind,-22}{kind.Strength,-10}{kind.Cases,6}{kind.Detected,7}{kind.Loss,10:0}{kind.LossDetected,10:0}{kind.LostBefore,10:0}{kind.MedianDays,7:0.0}{kind.RightReason,8}");
        Line(text, $"");
        Line(text, $"{"honest archetype",-32}{"affiliates",10}{"alerted",9}");
        foreach (var archetype in FalselyAlerted)
            Line(text, $"{archetype.Archetype,-32}{archetype.Affiliates,10}{archetype.Alerted,9}");
        return text.ToString();
    }

    static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
