namespace AffiliateSidecar.Payouts;

static class PayoutStatus
{
    /// <summary>A frozen list that nobody has taken further; reviewed by a person; handed out as a file; every line settled.</summary>
    public const string Draft = "draft", Reviewed = "reviewed", Exported = "exported", Paid = "paid";

    /// <summary>Given up before it was paid; nobody was to be paid.</summary>
    public const string Cancelled = "cancelled", Empty = "empty";
}

static class LineStatus
{
    public const string Ready = "ready", Paid = "paid", Failed = "failed", Skipped = "skipped";
}
