namespace AffiliateSidecar.Plugins;

/// <summary>A plugin's fraud signal. A failed call has no findings.</summary>
sealed class GuardedSignal(IFraudSignal signal, string id, string family, Guard guard) : IFraudSignal
{
    /// <summary>More findings than this are a loop without an end.</summary>
    const int Most = 100_000;

    static readonly string[] States = ["suspicious", "normal", "not_enough_data"];

    public string Id => id;

    public string Family => family;

    public Guard Guard => guard;

    public IEnumerable<Finding> Evaluate(ProgramFigures program) => guard.Call(() =>
    {
        // Listed here, where the guard watches: an iterator does its work while it is read.
        var findings = signal.Evaluate(program).Take(Most + 1).ToList();
        if (findings.Count > Most)
            throw new InvalidOperationException($"More than {Most} findings.");
        var partners = program.Partners.Select(p => p.PartnerId).ToHashSet();
        var bad = findings.FindIndex(f => !IsSound(f, partners));
        if (bad >= 0)
            throw new InvalidOperationException($"Not a finding: {findings[bad]?.ToString() ?? "null"}");
        return findings;
    }) ?? [];

    static bool IsSound(Finding? finding, HashSet<int> partners) => finding is { Reason: not null, Text: not null, Risk: >= 0 and <= 1, MoneyAtRiskMinor: >= 0 }
        && States.Contains(finding.State) && partners.Contains(finding.PartnerId);
}
