namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Sign-ups faster than anybody can fill in a form.</summary>
sealed class InstantLeads : OddOrders
{
    static readonly int[] Seconds = [10, 20, 40];

    public override string Id => "instant-leads";

    public override string Family => "lead";

    protected override string Honest => "A form that the partner's own page fills in.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) => Seconds.Select(s => new Lens($"came within {s} seconds of the click",
        ["lead_quality", "short_lag"], o => o.IsLead && o.Lag is not null, (_, o) => o.Lag <= s));
}
