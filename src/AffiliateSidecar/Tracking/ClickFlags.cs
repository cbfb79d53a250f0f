namespace AffiliateSidecar.Tracking;

/// <summary>Why a click is not payable; empty where it is.</summary>
static class ClickFlags
{
    public const string Payable = "", Bot = "bot", Prefetch = "prefetch", Head = "head";

    /// <summary>The same visitor again: counted once, but the customer is as real as at the first click, so an order still earns.</summary>
    public const string Duplicate = "duplicate";
}
