namespace AffiliateSidecar.Fraud;

/// <summary>A message to the owner: one partner, or one ring.</summary>
sealed record Message(DateOnly Day, IReadOnlyList<PartnerRisk> Partners);

/// <summary>
/// Decides which risks become messages. At most three a week, the most money at risk first; unused slots carry over, up to those of four weeks; whoever waits keeps its place
/// in the ranked list. A partner with an open case gets no second message.
/// </summary>
sealed class AlertDesk(double slots = AlertDesk.AWeek)
{
    public const int AWeek = 3, Most = 12;

    // A week's sevenths add up to a little less than whole slots.
    const double One = 1 - 1e-9;

    readonly HashSet<int> open = [];

    /// <summary>Messages that may still be sent.</summary>
    public double Slots { get; private set; } = slots;

    /// <summary>The partner's case is known already, from an earlier day or from the database.</summary>
    public void Open(int partner) => open.Add(partner);

    /// <summary>Days have passed.</summary>
    public void Wait(int days) => Slots = Math.Min(Most, Slots + days * AWeek / 7.0);

    /// <summary>Messages of the day that have been sent already.</summary>
    public void Spend(int messages) => Slots = Math.Max(0, Slots - messages);

    public IReadOnlyList<Message> Choose(DateOnly day, IReadOnlyList<PartnerRisk> risks)
    {
        var waiting = risks.Where(r => r.IsAlert && !open.Contains(r.PartnerId)).OrderByDescending(r => r.Risk * (r.MoneyMinor + 1)).ThenBy(r => r.PartnerId).ToList();
        var messages = new List<Message>();
        foreach (var risk in waiting)
        {
            if (Slots < One)
                break;
            if (open.Contains(risk.PartnerId))
                continue;
            var ring = risk.Ring.ToHashSet();
            var together = waiting.Where(r => r == risk || ring.Contains(r.PartnerId) && !open.Contains(r.PartnerId)).ToList();
            open.UnionWith(together.Select(r => r.PartnerId));
            Spend(1);
            messages.Add(new(day, together));
        }
        return messages;
    }
}
