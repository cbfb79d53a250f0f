using static AffiliateSidecar.Cli.Import.Predecessors.ColumnKind;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>SliceWP 1.0 and later. Its times are UTC. A payment is one affiliate's part of a payout.</summary>
sealed class SliceWp : Predecessor
{
    public override string Name => "slicewp";
    public override string Title => "SliceWP";
    public override string OrderContext => "woo";
    public override (string, string, string) LinkParameter => ("slicewp_settings", "affiliate_keyword", "aff");

    public override IReadOnlyList<OldTable> Tables { get; } =
    [
        new("slicewp_affiliates", true, "the affiliates", new("id", Number), new("user_id", Number), new("date_created", Time), new("payment_email", Text), new("website", Text),
            new("status", Text)),
        new("slicewp_visits", true, "the visits", new("id", Number), new("affiliate_id", Number), new("date_created", Time), new("ip_address", Text), new("landing_url", Text),
            new("referrer_url", Text)),
        new("slicewp_commissions", true, "the commissions", new("id", Number), new("affiliate_id", Number), new("visit_id", Number), new("date_created", Time), new("type", Text),
            new("status", Text), new("reference", Text), new("origin", Text), new("amount", Text), new("currency", Text), new("payment_id", Number, false)),
        new("slicewp_payments", false, "the payments", new("id", Number), new("affiliate_id", Number), new("amount", Text), new("date_created", Time), new("status", Text),
            new("commission_ids", Text, false)),
    ];

    public override OldQuery Affiliates(Layout layout) => new(layout.Of("slicewp_affiliates"), $"""
        a.id AS Id, a.user_id AS UserId, a.payment_email AS PaymentEmail, a.website AS Website, a.status AS Status, CAST(a.date_created AS CHAR) AS At,
        u.user_login AS Login, u.user_nicename AS Nicename, u.user_email AS Email, u.display_name AS DisplayName, u.user_url AS UserUrl
        """, $"""
        {layout.Of("slicewp_affiliates")} a LEFT JOIN {layout.Users} u ON u.ID = a.user_id WHERE 1 = 1
        """, "a.id");

    // Coupons of affiliates are an add-on that is sold, and whose tables are not published.
    public override IEnumerable<OldQuery> Coupons(Layout layout) => [];

    public override OldQuery Visits(Layout layout) => new(layout.Of("slicewp_visits"), $"""
        v.id AS Id, v.affiliate_id AS Affiliate, CAST(v.date_created AS CHAR) AS At, v.ip_address AS Ip, v.landing_url AS Landing, v.referrer_url AS Referrer
        """, $"""
        {layout.Of("slicewp_visits")} v WHERE 1 = 1
        """, "v.id", "v.date_created");

    public override OldQuery Referrals(Layout layout) => new(layout.Of("slicewp_commissions"), $"""
        c.id AS Id, c.affiliate_id AS Affiliate, c.visit_id AS Visit, c.status AS Status, c.amount AS Amount, c.currency AS Currency, c.origin AS Context,
        c.reference AS Reference, c.type AS Type, {layout.Or("slicewp_commissions", "payment_id", "c", "0")} AS Payout, CAST(c.date_created AS CHAR) AS At
        """, $"""
        {layout.Of("slicewp_commissions")} c WHERE 1 = 1
        """, "c.id", "c.date_created");

    public override OldQuery? Payouts(Layout layout) => !layout.Has("slicewp_payments") ? null : new(layout.Of("slicewp_payments"), $"""
        p.id AS Id, p.affiliate_id AS Affiliate, p.amount AS Amount, p.status AS Status, {layout.Or("slicewp_payments", "commission_ids", "p", "''")} AS Referrals,
        CAST(p.date_created AS CHAR) AS At
        """, $"""
        {layout.Of("slicewp_payments")} p WHERE 1 = 1
        """, "p.id", "p.date_created");
}
