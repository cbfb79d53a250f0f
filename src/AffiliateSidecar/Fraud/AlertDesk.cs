namespace AffiliateSidecar.Fraud;

/// <summary>A message to the owner: one partner, or one ring.</summary>
sealed record Message(DateOnly Day, IReadOnlyList<PartnerRisk> Partners);

/// <summary>
/// Decides which risks become messages. At most three a week, the most money at risk first; unused slots carry over; whoever waits keeps its place
/// in the ranked list. A partner with an open case gets no second message.
/// </summary>
sealed class AlertDesk(int aWeek = 3, int most = 6)
{
    readonly HashSet<int> open = [];
    double slots = aWeek;

    /// <summary>The partner's case is known already, from an earlier day or from the database.</summary>
    public void Open(int partner) => open.Add(partner);

    public IReadOnlyList<Message> Choose(DateOnly day, IReadOnlyList<PartnerRisk> risks)
    {
        slots = Math.Min(most, slots + aWeek / 7.0);
        var waiting = risks.Where(r => r.IsAlert && !open.Contains(r.PartnerId)).OrderByDescending(r => r.Risk * (r.MoneyMinor + 1)).ThenBy(r => r.PartnerId).ToList();
        var messages = new List<Message>();
        foreach (var risk in waiting)
        {
            if (slots < 1)
                break;
            if (open.Contains(risk.PartnerId))
                continue;
            var ring = risk.Ring.ToHashSet();
            var together = waiting.Where(r => r == risk || ring.Contains(r.PartnerId) && !open.Contains(r.PartnerId)).ToList();
            open.UnionWith(together.Select(r => r.PartnerId));
            slots--;
            messages.Add(new(day, together));
        }
        return messages;
    }
}
