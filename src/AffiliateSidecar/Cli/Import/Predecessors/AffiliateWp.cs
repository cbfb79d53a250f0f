using static AffiliateSidecar.Cli.Import.Predecessors.ColumnKind;

namespace AffiliateSidecar.Cli.Import.Predecessors;

/// <summary>AffiliateWP 1.9 to 2.x. Its times are UTC since 2.1.7; before, the site's own time, which is not known any more and is taken for UTC.</summary>
sealed class AffiliateWp : Predecessor
{
    public override string Name => "affiliatewp";
    public override string Title => "AffiliateWP";
    public override string OrderContext => "woocommerce";
    public override (string, string, string) LinkParameter => ("affwp_settings", "referral_var", "ref");

    public override IReadOnlyList<OldTable> Tables { get; } =
    [
        new("affiliate_wp_affiliates", true, "the affiliates", new("affiliate_id", Number), new("user_id", Number), new("payment_email", Text), new("status", Text),
            new("date_registered", Time), new("rate", Text), new("rate_type", Text, false)),
        new("affiliate_wp_affiliatemeta", false, "the slugs of affiliates", new("affiliate_id", Number), new("meta_key", Text), new("meta_value", Text)),
        new("affiliate_wp_coupons", false, "the coupons that the program made", new("coupon_id", Number), new("affiliate_id", Number), new("coupon_code", Text)),
        new("affiliate_wp_visits", true, "the visits", new("visit_id", Number), new("affiliate_id", Number), new("url", Text), new("referrer", Text), new("ip", Text), new("date", Time)),
        new("affiliate_wp_referrals", true, "the referrals", new("referral_id", Number), new("affiliate_id", Number), new("visit_id", Number), new("status", Text),
            new("amount", Text), new("currency", Text), new("context", Text), new("reference", Text), new("date", Time), new("type", Text, false), new("payout_id", Number, false)),
        new("affiliate_wp_payouts", false, "the payouts", new("payout_id", Number), new("affiliate_id", Number), new("referrals", Text), new("amount", Text), new("status", Text), new("date", Time)),
    ];

    public override OldQuery Affiliates(Layout layout) => new(layout.Of("affiliate_wp_affiliates"), $"""
        a.affiliate_id AS Id, a.user_id AS UserId, a.payment_email AS PaymentEmail, a.status AS Status, CAST(a.date_registered AS CHAR) AS At, a.rate AS Rate,
        {layout.Or("affiliate_wp_affiliates", "rate_type", "a", "''")} AS RateType,
        {(layout.Has("affiliate_wp_affiliatemeta")
            ? $"(SELECT m.meta_value FROM {layout.Of("affiliate_wp_affiliatemeta")} m WHERE m.affiliate_id = a.affiliate_id AND m.meta_key = 'custom_slug' LIMIT 1)"
            : "NULL")} AS Slug,
        u.user_login AS Login, u.user_nicename AS Nicename, u.user_email AS Email, u.display_name AS DisplayName, u.user_url AS UserUrl
        """, $"""
        {layout.Of("affiliate_wp_affiliates")} a LEFT JOIN {layout.Users} u ON u.ID = a.user_id WHERE 1 = 1
        """, "a.affiliate_id");

    public override IEnumerable<OldQuery> Coupons(Layout layout)
    {
        if (layout.Has("affiliate_wp_coupons"))
            yield return new(layout.Of("affiliate_wp_coupons"),
                "c.coupon_id AS Id, CAST(c.affiliate_id AS CHAR) AS Affiliate, c.coupon_code AS Code",
                $"{layout.Of("affiliate_wp_coupons")} c WHERE 1 = 1", "c.coupon_id");
        // Coupons of the shop that the owner gave to an affiliate.
        yield return new(layout.Of("postmeta"), $"""
            p.ID AS Id, m.meta_value AS Affiliate, p.post_title AS Code
            """, $"""
            {layout.Of("posts")} p JOIN {layout.Of("postmeta")} m ON m.post_id = p.ID AND m.meta_key = 'affwp_discount_affiliate'
            WHERE p.post_type = 'shop_coupon' AND p.post_status <> 'trash' AND m.meta_value <> ''
            """, "p.ID");
    }

    public override OldQuery Visits(Layout layout) => new(layout.Of("affiliate_wp_visits"), $"""
        v.visit_id AS Id, v.affiliate_id AS Affiliate, CAST(v.date AS CHAR) AS At, v.ip AS Ip, v.url AS Landing, v.referrer AS Referrer
        """, $"""
        {layout.Of("affiliate_wp_visits")} v WHERE 1 = 1
        """, "v.visit_id", "v.date");

    // A draft is a checkout that nobody has finished, and a failed one never was.
    public override OldQuery Referrals(Layout layout) => new(layout.Of("affiliate_wp_referrals"), $"""
        r.referral_id AS Id, r.affiliate_id AS Affiliate, r.visit_id AS Visit, r.status AS Status, r.amount AS Amount, r.currency AS Currency, r.context AS Context,
        r.reference AS Reference, {layout.Or("affiliate_wp_referrals", "type", "r", "'sale'")} AS Type,
        {layout.Or("affiliate_wp_referrals", "payout_id", "r", "0")} AS Payout, CAST(r.date AS CHAR) AS At
        """, $"""
        {layout.Of("affiliate_wp_referrals")} r WHERE r.status NOT IN ('draft', 'failed')
        """, "r.referral_id", "r.date");

    public override OldQuery? Payouts(Layout layout) => !layout.Has("affiliate_wp_payouts") ? null : new(layout.Of("affiliate_wp_payouts"), $"""
        p.payout_id AS Id, p.affiliate_id AS Affiliate, p.amount AS Amount, p.status AS Status, p.referrals AS Referrals, CAST(p.date AS CHAR) AS At
        """, $"""
        {layout.Of("affiliate_wp_payouts")} p WHERE 1 = 1
        """, "p.payout_id", "p.date");
}
