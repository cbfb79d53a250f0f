namespace AffiliateSidecar.Messages.Applications;

/// <summary>The section <c>Sidecar:Applications</c>.</summary>
sealed class ApplicationSettings
{
    public ApplicationSettings(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sidecar:Applications");
        AutoApprove = section.GetValue("AutoApprove", false);
        Cap = Math.Max(0, section.GetValue("Cap", 100m));
        LookAtSites = section.GetValue("LookAtSites", true);
    }

    /// <summary>Confirmed applications without a risk need nobody.</summary>
    public bool AutoApprove { get; }

    /// <summary>In the program's currency: beyond so much, a partner whom nobody has looked at is not paid.</summary>
    public decimal Cap { get; }

    public bool LookAtSites { get; }
}
