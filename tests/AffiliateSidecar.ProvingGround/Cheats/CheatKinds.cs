namespace AffiliateSidecar.ProvingGround.Cheats;

/// <summary>The kinds of cheating, and the reasons that name each of them rightly.</summary>
public static class CheatKinds
{
    static readonly Dictionary<string, string[]> s_reasons = new()
    {
        ["checkout_injection"] = ["short_lag", "checkout_click", "high_conversion", "low_new_customers"],
        ["toolbar_injection"] = ["short_lag", "checkout_click", "high_conversion", "low_new_customers"],
        ["self_purchase"] = ["self_purchase", "shared_identity", "ip_concentration"],
        ["bot_burst"] = ["bot_clicks", "click_burst", "low_quality", "ctr", "geo_shift"],
        ["bot_steady"] = ["bot_clicks", "low_quality", "geo_shift", "ctr"],
        ["click_farm"] = ["geo_shift", "low_quality", "bot_clicks", "ip_concentration", "ctr"],
        ["paid_to_click"] = ["low_quality", "geo_shift", "ip_concentration", "ctr", "click_burst"],
        ["ctr_inflation"] = ["ctr", "click_burst", "low_quality", "bot_clicks"],
        ["cookie_stuffing"] = ["click_flood", "long_lag", "low_quality", "low_new_customers", "ctr"],
        ["click_flood"] = ["click_flood", "long_lag", "low_quality", "bot_clicks", "ctr"],
        ["brand_bidding"] = ["brand_bidding", "high_conversion", "low_new_customers", "short_lag"],
        ["typosquatting"] = ["brand_bidding", "high_conversion", "low_new_customers", "short_lag"],
        ["coupon_leak"] = ["coupon_leak", "low_new_customers"],
        ["fake_orders"] = ["fake_orders", "refund", "ip_concentration", "shared_identity"],
        ["cancelled_cod"] = ["fake_orders", "refund"],
        ["returns_ring"] = ["refund", "fake_orders", "ip_concentration", "shared_identity"],
        ["stolen_cards"] = ["chargeback", "geo_mismatch", "fake_orders"],
        ["lead_fraud"] = ["lead_quality", "short_lag", "ip_concentration", "high_conversion"],
        ["ring"] = ["shared_identity", "self_purchase", "ip_concentration", "fake_orders"],
        ["account_takeover"] = ["behaviour_change", "bot_clicks", "click_burst", "low_quality", "geo_shift", "short_lag", "checkout_click",
            "high_conversion", "low_new_customers", "fake_orders", "refund", "ip_concentration", "click_flood", "long_lag", "chargeback", "geo_mismatch"],
    };

    public static IReadOnlyList<string> All => [.. s_reasons.Keys];

    /// <summary>Worth nothing where clicks are not paid for.</summary>
    public static IReadOnlyCollection<string> PerClick { get; } = ["bot_burst", "bot_steady", "click_farm", "paid_to_click", "ctr_inflation"];

    public static IReadOnlyCollection<string> PerLead { get; } = ["lead_fraud"];

    public static IReadOnlyList<string> FittingReasons(string kind) => s_reasons.GetValueOrDefault(kind, []);
}
