namespace AffiliateSidecar.Fraud;

/// <summary>What a replay says of one partner on one day.</summary>
/// <param name="IsAlert">The owner would have been told; else it is the last score.</param>
/// <param name="Message">Partners of a ring are told of in one message.</param>
sealed record ReplayRow(int PartnerId, DateOnly Day, double Score, IReadOnlyList<string> Reasons, bool IsAlert, int Message);

/// <summary>Daily scans over history, each with what was known at the end of its day: the future is not there yet.</summary>
sealed class FraudReplay(ProgramHistory history, IReadOnlyList<IFraudSignal> signals, DateOnly from, Thresholds thresholds)
{
    // An open case keeps what was found, though the newest weeks look better.
    readonly Dictionary<int, PartnerRisk> highest = [];
    readonly AlertDesk desk = new();
    int message;

    /// <summary>The messages of that day.</summary>
    public IReadOnlyList<ReplayRow> Step(DayNews news)
    {
        history.Add(news);
        if (news.Day < from)
            return [];
        var risks = Detector.Evaluate(history.Figures(), signals, thresholds);
        foreach (var risk in risks)
            if (!highest.TryGetValue(risk.PartnerId, out var known) || known.Risk <= risk.Risk)
                highest[risk.PartnerId] = risk;
        var rows = new List<ReplayRow>();
        desk.Wait(1);
        foreach (var told in desk.Choose(news.Day, risks))
        {
            message++;
            rows.AddRange(told.Partners.Select(r => new ReplayRow(r.PartnerId, news.Day, r.Risk, r.Reasons, true, message)));
        }
        return rows;
    }

    /// <summary>The strongest evidence so far.</summary>
    public PartnerRisk? At(int partner) => highest.GetValueOrDefault(partner);

    /// <summary>The score of every partner at the end.</summary>
    public IReadOnlyList<ReplayRow> Finish() => [.. history.Figures().Partners.Select(p => highest.TryGetValue(p.PartnerId, out var risk)
        ? new ReplayRow(p.PartnerId, history.Today, risk.Risk, risk.Reasons, false, 0) : new ReplayRow(p.PartnerId, history.Today, 0, [], false, 0))];
}
