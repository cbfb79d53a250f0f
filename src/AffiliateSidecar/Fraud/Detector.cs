using System.Collections.Concurrent;
using AffiliateSidecar.Fraud.Signals;

namespace AffiliateSidecar.Fraud;

/// <summary>One signal's word on one partner.</summary>
sealed record SignalFinding(string Signal, string Family, Finding Finding)
{
    public bool IsSuspicious => Finding.State == FindingState.Suspicious;

    /// <summary>How far outside the honest spread, at most 12: beyond that a model is trusted no more.</summary>
    public double Strength => Math.Clamp(Finding.Strength ?? 6 * Finding.Risk, 0, 12);

    /// <summary>What its strength is worth as evidence. What did not pass a signal's gates is weak: most partners have some of it.</summary>
    public double Weight => Strength * (IsSuspicious ? SignalWorth.Of(Signal) : 0.2);
}

/// <summary>All that is known against one partner at the end of a day.</summary>
sealed record PartnerRisk(int PartnerId, IReadOnlyList<SignalFinding> Findings, double Evidence, bool IsAlert, long MoneyMinor)
{
    /// <summary>How likely it is that something is wrong, 0 to 1.</summary>
    public double Risk { get; init; }

    /// <summary>The program he is in.</summary>
    public ProgramOdds Program { get; init; } = ProgramOdds.Usual;

    /// <summary>The findings that passed their gates, strongest first.</summary>
    public IEnumerable<SignalFinding> Suspicions => Findings.Where(f => f.IsSuspicious).OrderByDescending(f => f.Strength);

    /// <summary>Reason codes, the most important first.</summary>
    public IReadOnlyList<string> Reasons => [.. Suspicions.SelectMany(f => f.Finding.Reason).Distinct()];

    public IReadOnlySet<string> Families => Suspicions.Select(f => f.Family).ToHashSet();

    public IReadOnlyList<int> Ring => [.. Suspicions.SelectMany(f => f.Finding.Ring).Distinct().Order()];
}

/// <summary>What the program says of everybody in it.</summary>
/// <param name="Cheats">ln of the odds that somebody cheats, beside those of the usual share: see <see cref="Detector.Odds"/>.</param>
/// <param name="OrderMinor">The mean commission of an order; 0 where there is none.</param>
sealed record ProgramOdds(double Cheats, double OrderMinor)
{
    public static ProgramOdds Usual { get; } = new(0, 0);
}

/// <summary>How sure the detector must be before it tells the owner.</summary>
/// <param name="Single">One signal that passed its gates, however rare cheating is in the program.</param>
/// <param name="Together">All families together, one of which passed its gates, in a program in which the usual share cheats and where the commission of ten orders is at stake.</param>
sealed record Thresholds(double Single, double Together)
{
    public static Thresholds Default { get; } = new(7, 4.7);
}

/// <summary>
/// Puts the signals' findings together: the strongest of a family counts, families add up. One strong suspicion, or one that others support, is worth
/// the owner's attention. How strong depends on the program: where hardly anybody is odd, who is odd is more likely an honest oddity.
/// </summary>
static class Detector
{
    // Half the partners with this much evidence are fraud in a program in which this share cheats.
    const double EvenOdds = 6, Slope = 1.5, UsualShare = 0.15;

    // Families that both passed their gates bear each other out: more than the two of them add up to.
    const double BorneOut = 0.5;

    // What is believed before anything is seen, as strong as so many partners, and never weaker than what is seen: much of the cheating shows little evidence, however many partners there are.
    const double PriorShare = 0.1, PriorPartners = 60, Unseen = 0.02;
    const int LeastClicks = 30, LeastOrders = 10;

    // A look costs the owner the same whatever is at stake. But large partners always have much at stake, so it weighs little.
    const double UsualOrders = 10, EaseATen = 0.5, MostEase = 0.3;

    static readonly HashSet<string> Decided = ["lag", "checkout", "rate", "brand", "customers"];

    public static IReadOnlyList<PartnerRisk> Evaluate(ProgramFigures program, IEnumerable<IFraudSignal> signals, Thresholds thresholds, Func<int, string, bool>? isTolerated = null)
    {
        var findings = SideBySide(signals, s => s.Evaluate(program).Select(f => new SignalFinding(s.Id, s.Family, f)).ToList()).SelectMany(f => f).ToLookup(f => f.Finding.PartnerId);
        var byPartner = program.Partners.Select(p => (p.PartnerId, Findings: findings[p.PartnerId].Where(f => isTolerated?.Invoke(p.PartnerId, f.Family) != true).ToList())).ToList();
        // A mean to weigh evidence by: no money is booked of it, so it may be broken.
        var orders = program.Partners.Sum(p => p.Orders.Count);
        var commission = orders == 0 ? 0 : (double)program.Partners.AsParallel().Sum(p => p.Orders.Sum(o => o.CommissionMinor)) / orders;
        var odds = new ProgramOdds(Odds([.. byPartner.Select(p => Evidence(p.Findings))]), commission);
        return [.. byPartner.Select(p => Judge(p.PartnerId, p.Findings, thresholds, odds))];
    }

    /// <summary>
    /// Each signal reads, none writes. Whoever is free takes the next: some take ten times as long as others, the last ones of all, so these begin. The answers come in the order of
    /// the signals, so that they are always the same.
    /// </summary>
    public static IReadOnlyList<T> SideBySide<T>(IEnumerable<IFraudSignal> signals, Func<IFraudSignal, T> ask) =>
        [.. Partitioner.Create(signals.Reverse(), EnumerablePartitionerOptions.NoBuffering).AsParallel().AsOrdered().Select(ask).AsEnumerable().Reverse()];

    /// <summary>
    /// The share of partners who cheat here, estimated from how much there is against each: ln of its odds, beside those of the usual share.
    /// </summary>
    public static double Odds(IReadOnlyList<double> evidence)
    {
        var share = PriorShare;
        var prior = Math.Max(PriorPartners, evidence.Count);
        for (var i = 0; i < 8; i++)
        {
            var odds = Logit(share) - Logit(UsualShare);
            share = (evidence.Sum(e => Chance(e, odds)) + PriorShare * prior) / (evidence.Count + prior);
        }
        return Logit(share) - Logit(UsualShare);
    }

    static double Logit(double share) => Math.Log(share / (1 - share));

    static double Chance(double evidence, double odds) => 1 / (1 + Math.Exp(-(evidence - EvenOdds) / Slope - odds));

    // Some cheat so little that nothing is to be seen.
    static double Risk(double evidence, double odds) => Unseen + (1 - Unseen) * Chance(evidence, odds);

    static List<SignalFinding> Families(IReadOnlyList<SignalFinding> findings) => [.. findings.GroupBy(f => f.Family).Select(g => g.MaxBy(f => f.Weight)!)];

    static double Evidence(IReadOnlyList<SignalFinding> findings) => Evidence(Families(findings));

    // Buyers who have decided already are quick, come to the checkout, buy often and are known: a coupon site has all of it, so more of it says less and less.
    static double Evidence(List<SignalFinding> families) => families.Where(f => !Decided.Contains(f.Family)).Sum(f => f.Weight)
        + families.Where(f => Decided.Contains(f.Family)).Select(f => f.Weight).OrderDescending().Select((weight, i) => weight * Math.Pow(0.5, i)).Sum()
        + (families.Count(f => f.IsSuspicious) > 1 ? BorneOut : 0);

    /// <summary>Why nothing can be said of a partner yet; null where there is enough to compare. Facts count all the same.</summary>
    public static string? Shortage(ProgramFigures program, PartnerFigures partner)
    {
        var active = program.Partners.Count(p => p.Days.Any(d => d.Clicks > 0));
        var (clicks, orders) = (partner.Days.Sum(d => (long)d.Clicks), partner.Orders.Count);
        return active < Peers.Least ? $"{active} partners have clicks; from {Peers.Least} on there is a spread to compare with. Until then only facts are checked, such as a partner's own purchases."
            : clicks < LeastClicks && orders < LeastOrders ? $"{clicks} clicks and {orders} orders; from {LeastClicks} clicks or {LeastOrders} orders on there is something to compare."
            : null;
    }

    public static PartnerRisk Judge(int partner, IReadOnlyList<SignalFinding> findings, Thresholds thresholds, ProgramOdds program)
    {
        var families = Families(findings);
        var evidence = Evidence(families);
        var suspicious = families.Where(f => f.IsSuspicious).ToList();
        // Signals may mean the same orders: the largest is certain, the sum is not.
        var money = suspicious.Select(f => f.Finding.MoneyAtRiskMinor).DefaultIfEmpty().Max();
        var isAlert = suspicious.Any(f => f.Strength >= thresholds.Single)
            || suspicious.Count >= 1 && evidence + Slope * program.Cheats + Ease(money, program) >= thresholds.Together;
        return new(partner, findings, evidence, isAlert, money) { Risk = Risk(evidence, program.Cheats), Program = program };
    }

    /// <summary>How much less evidence is enough because much is at stake, or how much more must be there because little is. Nothing where no money is known, as of leads.</summary>
    static double Ease(long moneyMinor, ProgramOdds program) =>
        program.OrderMinor <= 0 || moneyMinor <= 0 ? 0 : Math.Clamp(EaseATen * Math.Log10((moneyMinor + 1) / (UsualOrders * program.OrderMinor)), -MostEase, MostEase);
}
