using AffiliateSidecar.ProvingGround.Cheats;

namespace AffiliateSidecar.ProvingGround;

/// <summary>Judges alerts by what was really going on.</summary>
public static class Scorer
{
    const decimal Material = 50;
    const int BlockDays = 30;

    public static Score Judge(IReadOnlyList<Judged> programs, int resamples = 1000, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(programs);
        var tallies = programs.Select(Count).ToArray();
        var ranking = Ranking(tallies);
        var once = tallies.Select(_ => 1).ToArray();
        var values = Values(tallies, ranking, once);
        var samples = values.Select(_ => new List<double>(resamples)).ToArray();
        var dice = new Dice(seed, tallies.Length);
        for (var i = 0; i < resamples && tallies.Length > 0; i++)
        {
            var times = new int[tallies.Length];
            for (var n = 0; n < times.Length; n++)
                times[dice.Whole(0, times.Length)]++;
            var again = Values(tallies, ranking, times);
            for (var m = 0; m < samples.Length; m++)
                if (!double.IsNaN(again[m]))
                    samples[m].Add(again[m]);
        }
        var measures = values.Select((value, m) => new Measure(value, Quantile(samples[m], 0.025), Quantile(samples[m], 0.975))).ToArray();
        return new Score
        {
            Programs = tallies.Length,
            Affiliates = programs.Sum(program => program.Truth.Members.Count),
            Cases = tallies.Sum(tally => tally.Cases.Count),
            Precision = measures[0],
            Recall = measures[1],
            MaterialRecall = measures[2],
            MoneyRecall = measures[3],
            AveragePrecision = measures[4],
            FalseAlarms = measures[5],
            FalseAlarmsWhereHonest = measures[6],
            AlertsPerWeek = measures[7],
            DaysToDetection = measures[8],
            LostBefore = measures[9],
            RightReason = measures[10],
            Brier = measures[11],
            WorstWeek = tallies.Select(tally => tally.WorstWeek).DefaultIfEmpty().Max(),
            Kinds = Kinds(tallies),
            FalselyAlerted = Honest(tallies),
        };
    }

    static Tally Count(Judged program)
    {
        var truth = program.Truth;
        var messages = program.Alerts.Where(alert => alert.IsMessage).OrderBy(alert => alert.DetectedAt).ToArray();
        var byAffiliate = messages.ToLookup(alert => alert.Affiliate);
        // Who cheats in two ways cheats from the first of them on.
        var starts = truth.Labels.GroupBy(label => label.Affiliate).ToDictionary(labels => labels.Key, labels => labels.Min(label => label.Start));
        bool IsRight(Alert alert) => starts.TryGetValue(alert.Affiliate, out var start) && DateOnly.FromDateTime(alert.DetectedAt) >= start;

        var right = messages.Where(IsRight).Select(alert => alert.Affiliate).ToHashSet();
        var wrong = messages.Where(alert => !IsRight(alert)).ToArray();
        var honest = truth.Members.Where(member => !starts.ContainsKey(member.Id)).ToArray();
        var losses = truth.Losses.ToLookup(loss => loss.Affiliate);
        return new Tally
        {
            Right = right.Count,
            Wrong = wrong.Select(alert => alert.Affiliate).Distinct().Count(),
            Cases = [.. truth.Labels.Select(label => Follow(label, byAffiliate[label.Affiliate], losses[label.Affiliate], starts[label.Affiliate] == label.Start))],
            WrongBlocks = wrong.Select(alert => (alert.Affiliate, DayOf(truth, alert) / BlockDays)).Distinct().Count(),
            HonestMonths = honest.Sum(member => Math.Clamp(truth.Start.AddDays(truth.Days).DayNumber - member.JoinedAt.DayNumber, 0, truth.Days)) / (double)BlockDays,
            NobodyCheats = truth.Labels.Count == 0,
            Weeks = truth.Days / 7.0,
            // A message about several affiliates counts once.
            Messages = messages.Select((alert, i) => alert.Message ?? $"row {i}").Distinct().Count(),
            WorstWeek = messages.Select((alert, i) => (Week: DayOf(truth, alert) / 7, Id: alert.Message ?? $"row {i}")).DistinctBy(message => message.Id)
                .CountBy(message => message.Week).Select(week => week.Value).DefaultIfEmpty().Max(),
            Scores = Scores(program, starts),
            Honest = [.. honest.Select(member => (truth.Archetypes.GetValueOrDefault(member.Id, ""), byAffiliate.Contains(member.Id)))],
        };
    }

    static int DayOf(ProgramTruth truth, Alert alert) => DateOnly.FromDateTime(alert.DetectedAt).DayNumber - truth.Start.DayNumber;

    static Case Follow(Label label, IEnumerable<Alert> alerts, IEnumerable<Loss> losses, bool ownsLosses)
    {
        var first = alerts.FirstOrDefault(alert => DateOnly.FromDateTime(alert.DetectedAt) >= label.Start);
        var found = first is null ? DateOnly.MaxValue : DateOnly.FromDateTime(first.DetectedAt);
        var fitting = CheatKinds.FittingReasons(label.Kind);
        return new Case(label, first is not null, first is null ? 0 : found.DayNumber - label.Start.DayNumber,
            first is null ? label.Loss : ownsLosses ? Math.Min(label.Loss, losses.Where(loss => loss.Day <= found).Sum(loss => loss.Amount)) : 0,
            first is not null && Codes(first.Reason).Any(fitting.Contains));
    }

    static string[] Codes(string reason)
        => reason.Split([' ', ',', ';', ':', '|', '.', '(', ')', '[', ']', '+', '/', '\n'], StringSplitOptions.RemoveEmptyEntries);

    static List<(double Highest, double Final, bool Cheats)> Scores(Judged program, Dictionary<string, DateOnly> starts)
    {
        var rows = program.Alerts.ToLookup(alert => alert.Affiliate);
        return [.. program.Truth.Members.Select(member =>
        {
            var own = rows[member.Id].ToArray();
            // At the same moment, a row that only ranks is the last word.
            return own.Length == 0 ? (double.NegativeInfinity, 0, starts.ContainsKey(member.Id))
                : (own.Max(alert => alert.Score), own.OrderBy(alert => alert.DetectedAt).ThenByDescending(alert => alert.IsMessage).Last().Score, starts.ContainsKey(member.Id));
        })];
    }

    static (double Score, bool Cheats, int Program)[] Ranking(Tally[] tallies)
        => [.. tallies.SelectMany((tally, i) => tally.Scores.Select(score => (score.Highest, score.Cheats, i))).OrderByDescending(row => row.Highest)];

    static double[] Values(Tally[] all, (double Score, bool Cheats, int Program)[] ranking, int[] times)
    {
        double Sum(Func<Tally, double> value) => all.Select((tally, i) => times[i] == 0 ? 0 : times[i] * value(tally)).Sum();
        double CaseSum(Func<Case, double> value) => Sum(tally => tally.Cases.Sum(value));
        var delays = all.SelectMany((tally, i) => Enumerable.Repeat(tally.Cases.Where(one => one.Found).Select(one => (double)one.Days), times[i]).SelectMany(days => days)).ToList();
        var probabilities = all.All(tally => tally.Scores.All(score => score.Final is >= 0 and <= 1 && score.Highest <= 1));
        return
        [
            Sum(tally => tally.Right) / Sum(tally => tally.Right + tally.Wrong),
            CaseSum(one => one.Found ? 1 : 0) / CaseSum(_ => 1),
            CaseSum(one => one.Found && one.Label.Loss >= Material ? 1 : 0) / CaseSum(one => one.Label.Loss >= Material ? 1 : 0),
            CaseSum(one => one.Found ? (double)one.Label.Loss : 0) / CaseSum(one => (double)one.Label.Loss),
            AveragePrecision(ranking, times),
            100 * Sum(tally => tally.WrongBlocks) / Sum(tally => tally.HonestMonths),
            100 * Sum(tally => tally.NobodyCheats ? tally.WrongBlocks : 0) / Sum(tally => tally.NobodyCheats ? tally.HonestMonths : 0),
            Sum(tally => tally.Messages) / Sum(tally => tally.Weeks),
            Quantile(delays, 0.5),
            CaseSum(one => (double)one.LostBefore) / CaseSum(one => (double)one.Label.Loss),
            CaseSum(one => one.RightReason ? 1 : 0) / CaseSum(one => one.Found ? 1 : 0),
            probabilities ? Sum(tally => tally.Scores.Sum(score => Math.Pow(score.Final - (score.Cheats ? 1 : 0), 2))) / Sum(tally => tally.Scores.Count) : double.NaN,
        ];
    }

    // Equal scores are one step: their order means nothing.
    static double AveragePrecision((double Score, bool Cheats, int Program)[] ranking, int[] times)
    {
        double cheats = ranking.Sum(row => row.Cheats ? times[row.Program] : 0), hits = 0, seen = 0, area = 0;
        for (var i = 0; i < ranking.Length;)
        {
            var before = hits;
            var score = ranking[i].Score;
            for (; i < ranking.Length && ranking[i].Score == score; i++)
            {
                seen += times[ranking[i].Program];
                hits += ranking[i].Cheats ? times[ranking[i].Program] : 0;
            }
            if (seen > 0)
                area += (hits - before) * hits / seen;
        }
        return area / cheats;
    }

    static double Quantile(List<double> values, double share)
    {
        if (values.Count == 0)
            return double.NaN;
        values.Sort();
        var at = share * (values.Count - 1);
        var below = (int)at;
        return values[below] + (at - below) * (values[Math.Min(below + 1, values.Count - 1)] - values[below]);
    }

    static KindScore[] Kinds(Tally[] tallies)
    {
        var order = new[] { "low", "mid", "high" };
        return [.. tallies.SelectMany(tally => tally.Cases).GroupBy(one => (one.Label.Kind, one.Label.Strength))
            .OrderBy(kind => kind.Key.Kind, StringComparer.Ordinal).ThenBy(kind => Array.IndexOf(order, kind.Key.Strength))
            .Select(kind => new KindScore(kind.Key.Kind, kind.Key.Strength, kind.Count(), kind.Count(one => one.Found), kind.Sum(one => one.Label.Loss),
                kind.Where(one => one.Found).Sum(one => one.Label.Loss), kind.Sum(one => one.LostBefore),
                Quantile([.. kind.Where(one => one.Found).Select(one => (double)one.Days)], 0.5), kind.Count(one => one.RightReason)))];
    }

    static ArchetypeScore[] Honest(Tally[] tallies)
        => [.. tallies.SelectMany(tally => tally.Honest).GroupBy(one => one.Archetype).OrderBy(archetype => archetype.Key, StringComparer.Ordinal)
            .Select(archetype => new ArchetypeScore(archetype.Key, archetype.Count(), archetype.Count(one => one.Alerted)))];

    sealed record Case(Label Label, bool Found, int Days, decimal LostBefore, bool RightReason);

    sealed class Tally
    {
        public required int Right { get; init; }
        public required int Wrong { get; init; }
        public required IReadOnlyList<Case> Cases { get; init; }
        public required int WrongBlocks { get; init; }
        public required double HonestMonths { get; init; }
        public required bool NobodyCheats { get; init; }
        public required double Weeks { get; init; }
        public required int Messages { get; init; }
        public required int WorstWeek { get; init; }
        public required List<(double Highest, double Final, bool Cheats)> Scores { get; init; }
        public required IReadOnlyList<(string Archetype, bool Alerted)> Honest { get; init; }
    }
}
