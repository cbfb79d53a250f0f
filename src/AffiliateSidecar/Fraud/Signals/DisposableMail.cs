namespace AffiliateSidecar.Fraud.Signals;

/// <summary>Customers whose mail addresses were made for one use: nobody will answer there when the parcel comes back.</summary>
sealed class DisposableMail : OddOrders
{
    public override string Id => "disposable-mail";

    public override string Family => "mail";

    protected override int LeastOrders => 3;

    protected override string Honest => "Readers who guard their privacy; but those keep what they buy.";

    protected override IEnumerable<Lens> Look(ProgramFigures program) =>
        [new("were placed with a mail address made for one use", ["fake_orders", "lead_quality"], o => o.HasDisposableMail is not null, (_, o) => o.HasDisposableMail == true)];
}
