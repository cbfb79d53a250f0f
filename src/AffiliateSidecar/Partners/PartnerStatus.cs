namespace AffiliateSidecar.Partners;

static class PartnerStatus
{
    public const string Pending = "pending", Approved = "approved", Suspended = "suspended", Rejected = "rejected";

    public static readonly IReadOnlyList<string> All = [Pending, Approved, Suspended, Rejected];
}
