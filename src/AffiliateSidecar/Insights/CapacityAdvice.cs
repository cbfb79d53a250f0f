using System.Globalization;
using AffiliateSidecar.Insights.Segments;

namespace AffiliateSidecar.Insights;

/// <summary>What to do about the hours, with the arithmetic.</summary>
/// <param name="Action"><c>nothing</c>, <c>automate</c>, <c>drop</c>, <c>hire</c>, <c>stop</c> or <c>not_enough_data</c>.</param>
/// <param name="Text">In words.</param>
/// <param name="Arithmetic">The sums behind it, one a line.</param>
public sealed record CapacityAdvice(string Action, string Text, IReadOnlyList<string> Arithmetic)
{
    /// <summary>Judged on less, a quiet month would end a program.</summary>
    const double LeastWeeks = 8;

    /// <summary>Hours a week without which nobody can be hired, and below which a segment's hours are no matter.</summary>
    const double LeastHours = 1, FewHours = 0.25;

    /// <summary>The article's 80/20: where half the hours bring a fifth of the margin, they are in the wrong place.</summary>
    const double HoursShare = 0.5, MarginShare = 0.2;

    internal static CapacityAdvice Of(CapacityFacts facts)
    {
        List<string> sums = [.. facts.Arithmetic()];
        if (!facts.Complete)
            return new("not_enough_data", "Say what a sale leaves and what an hour costs (Sidecar:Insights), and this can be answered.", sums);
        if (facts.Weeks < LeastWeeks)
            return new("not_enough_data", Say($"Ask for a period of {LeastWeeks:0} weeks or longer: {facts.Weeks:0.#} say too little."), sums);
        if (facts.Profit < 0 && facts.Margin < -facts.Profit)
            return new("stop", Say($"Stop, or lower the commissions: the program loses {-facts.Profit:0.00} {facts.Currency} in {facts.Weeks:0} weeks, more than the whole margin of its sales, {facts.Margin:0.00}."), sums);
        if (Wasteful(facts) is { } waste)
            return waste with { Arithmetic = sums };
        if (facts.HoursNeeded - facts.HoursAvailable >= LeastHours)
            return Hire(facts, facts.HoursNeeded - facts.HoursAvailable, sums);
        return new("nothing", Say($"Nothing to change: the work takes {facts.HoursNeeded:0.#} hours a week, and there are {facts.HoursAvailable:0.#}."), sums);
    }

    /// <summary>Hours on partners who do not pay for them, or who are served as well by one broadcast.</summary>
    static CapacityAdvice? Wasteful(CapacityFacts facts)
    {
        var (hours, margin) = (facts.Segments.Sum(s => s.Hours), facts.Segments.Sum(s => Math.Max(0, s.Margin.Amount)));
        if (facts.Segments.FirstOrDefault(s => s.Segment != BuiltInSegments.Head) is not { } others || others.Hours / facts.Weeks < FewHours)
            return null;
        if (others.Cost.Amount > Math.Max(0, others.Margin.Amount))
            return new("drop", Say($"Drop the talks with partners outside the head: {others.Hours:0.#} hours cost {others.Cost}, and their sales left {others.Margin}. Write them one broadcast."), []);
        return others.Hours > HoursShare * hours && others.Margin.Amount < (decimal)MarginShare * margin
            ? new("automate", Say($"Automate what goes to partners outside the head: they take {100 * others.Hours / hours:0} % of the hours and bring {(margin > 0 ? 100 * others.Margin.Amount / margin : 0):0} % of the margin. One broadcast and automatic approval serve them."), [])
            : null;
    }

    static CapacityAdvice Hire(CapacityFacts facts, double hours, List<string> sums)
    {
        var cost = (decimal)hours * facts.HourlyCost;
        var perWeek = facts.Margin / (decimal)facts.Weeks;
        sums.Add(Say($"{hours:0.#} hours × {facts.HourlyCost:0.00} = {cost:0.00} {facts.Currency} a week"));
        return cost <= perWeek
            ? new("hire", Say($"Hire {hours:0.#} hours a week: worth it if the weekly margin of {perWeek:0.00} {facts.Currency} rises by {cost:0.00}, {100 * cost / Math.Max(0.01m, perWeek):0.#} %."), sums)
            : new("automate", Say($"Automate approvals and write one broadcast: the missing {hours:0.#} hours a week would cost {cost:0.00} {facts.Currency}, more than the program's whole weekly margin of {perWeek:0.00}."), sums);
    }

    static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What the advice goes by. Amounts are in major units of the currency.</summary>
sealed record CapacityFacts
{
    /// <summary>What an answer to an application and a talk with a partner of the head take.</summary>
    const double MinutesAnApplication = 5, MinutesATalk = 20, ReviewMinutes = 30;

    /// <summary>A queue shall be worked off in so many weeks; everybody of the head is talked to once a month.</summary>
    const double QueueWeeks = 4, TalkWeeks = 30 / 7.0;

    public required string Currency { get; init; }
    public required double Weeks { get; init; }
    public required double HoursPerWeek { get; init; }
    public required double HoursAvailable { get; init; }
    public required decimal HourlyCost { get; init; }
    public required int OpenApplications { get; init; }
    public required double ApplicationsPerWeek { get; init; }
    public required int HeadPartners { get; init; }
    public required int HeadWithoutContact { get; init; }
    public required decimal Margin { get; init; }
    public required decimal Profit { get; init; }
    public required bool Complete { get; init; }
    public required IReadOnlyList<CapacitySegment> Segments { get; init; }

    public double HoursNeeded => (ReviewMinutes + MinutesAnApplication * (ApplicationsPerWeek + OpenApplications / QueueWeeks) + MinutesATalk * HeadPartners / TalkWeeks) / 60;

    public IEnumerable<string> Arithmetic()
    {
        FormattableString[] sums =
        [
            $"applications: {ApplicationsPerWeek:0.#} a week and {OpenApplications} waiting, to be answered in {QueueWeeks:0} weeks, {MinutesAnApplication:0} minutes each: {MinutesAnApplication * (ApplicationsPerWeek + OpenApplications / QueueWeeks) / 60:0.##} hours a week",
            $"head: {HeadPartners} partners, one talk of {MinutesATalk:0} minutes in 30 days each ({HeadWithoutContact} without one now): {MinutesATalk * HeadPartners / TalkWeeks / 60:0.##} hours a week",
            $"reviews: {ReviewMinutes / 60:0.##} hours a week",
            $"needed {HoursNeeded:0.##}, available {HoursAvailable:0.##}, spent {HoursPerWeek:0.##} hours a week",
            $"margin {Margin:0.00}, profit {Profit:0.00} {Currency} in {Weeks:0.#} weeks",
        ];
        return sums.Select(s => s.ToString(CultureInfo.InvariantCulture));
    }
}
