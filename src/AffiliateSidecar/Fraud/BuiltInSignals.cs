using AffiliateSidecar.Fraud.Signals;

namespace AffiliateSidecar.Fraud;

static class BuiltInSignals
{
    public static IReadOnlyList<IFraudSignal> All { get; } =
    [
        new InstantSales(), new CheckoutClicks(), new FlatLag(), new ConversionRate(), new OldCustomers(), new BrandClicks(), new RareAgents(), new FewBrowsers(), new NoNight(), new HostedClicks(),
        new CrowdedAddresses(), new WeakMarkets(), new ForeignReferrers(), new BorrowedBuyers(), new BlankReferrers(), new HomeLandings(), new ClickThrough(), new ClickBurst(), new SelfPurchase(), new PrivateLines(), new DisposableMail(), new RepeatBuyers(), new SameBrowsers(), new RepeatReturns(),
        new ReturnedGoods(), new UnpaidOrders(), new Chargebacks(), new StolenCards(), new GeoMismatch(), new LargeOrders(), new CouponLeak(), new ChangedTraffic(), new InstantLeads(), new DeadLeads(), new Rings(),
    ];
}
