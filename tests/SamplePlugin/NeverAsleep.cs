using System.Globalization;
using AffiliateSidecar;

namespace SamplePlugin;

/// <summary>
/// People sleep, machines do not. The six hours of the day with the fewest clicks of all other partners are their night; a partner with
/// far more than the others' share of clicks in it has visitors of another kind, or from another continent.
/// </summary>
public sealed class NeverAsleep : IFraudSignal
{
    // 200 clicks tell a share of 25 % from one of 10 % with certainty; below that the night is a handful of clicks.
    const long Enough = 200;
    const double Effect = 2, Sigmas = 4;

    public string Id => "never-asleep";

    public string Family => "clock";

    public IEnumerable<Finding> Evaluate(ProgramFigures program)
    {
        var all = ByHour(program.Partners.SelectMany(p => p.Days));
        foreach (var partner in program.Partners)
        {
            var own = ByHour(partner.Days);
            var others = all.Zip(own, (a, o) => a - o).ToArray();
            yield return own.Sum() < Enough || others.Sum() < Enough
                ? new Finding(partner.PartnerId, "not_enough_data", [], $"{own.Sum()} clicks; {Enough} are needed, of the others as well.", 0, 0)
                : Compare(partner, own, others);
        }
    }

    static Finding Compare(PartnerFigures partner, long[] own, long[] others)
    {
        var night = Enumerable.Range(0, 24).OrderBy(h => others[h]).Take(6).ToArray();
        var total = own.Sum();
        var seen = night.Sum(h => own[h]);
        // One click more than there were keeps a night without any from being a division by zero.
        var usual = (night.Sum(h => others[h]) + 1.0) / (others.Sum() + 1.0);
        var expected = total * usual;
        var suspicious = seen >= Effect * expected && seen - expected >= Sigmas * Math.Sqrt(expected * (1 - usual));
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{seen} of {total} clicks came in the others' six quiet hours; {expected:0} are usual ({usual:0.0%}).");
        return suspicious
            ? new(partner.PartnerId, "suspicious", ["never_asleep"], text, 1 - expected / seen, (long)(partner.Orders.Sum(o => o.CommissionMinor) * (seen - expected) / total))
            : new(partner.PartnerId, "normal", [], text, 0, 0);
    }

    static long[] ByHour(IEnumerable<DayFigures> days)
    {
        var clicks = new long[24];
        foreach (var day in days)
            for (var hour = 0; hour < 24; hour++)
                clicks[hour] += day.Hours[hour];
        return clicks;
    }
}
