namespace AffiliateSidecar.Partners;

/// <summary>How a partner came here.</summary>
static class PartnerSource
{
    /// <summary>By the form of the site.</summary>
    public const string Signup = "signup";
}
