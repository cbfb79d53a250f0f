namespace AffiliateSidecar.Partners;

static class PartnerStatus
{
    public const string Pending = "pending", Approved = "approved", Suspended = "suspended", Rejected = "rejected";

    /// <summary>Nobody any more: what was earned and paid stays, without a name.</summary>
    public const string Erased = "erased";

    public static readonly IReadOnlyList<string> All = [Pending, Approved, Suspended, Rejected, Erased];
}
