namespace AffiliateSidecar.Ledger;

static class Account
{
    /// <summary>The other side of every entry: what the program owes its partners, negative.</summary>
    public const string Program = "program";

    public const string Pending = "pending", Held = "held", Approved = "approved", Paid = "paid";

    public static readonly IReadOnlyList<string> OfPartner = [Pending, Held, Approved, Paid];
}

static class EntryKind
{
    public const string Earn = "earn", Adjust = "adjust", Refund = "refund", Hold = "hold", Release = "release", Approve = "approve", Chargeback = "chargeback",
        Bonus = "bonus", Recruit = "recruit", Payout = "payout", PayoutFailed = "payout_failed", WriteOff = "writeoff";
}
