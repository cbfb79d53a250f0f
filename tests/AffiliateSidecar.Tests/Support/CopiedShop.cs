namespace AffiliateSidecar.Support;

/// <summary>A table of the shop whose rows belong to orders.</summary>
/// <param name="Join">From the plan <c>m</c> of copies to the recorded rows <c>s</c>.</param>
/// <param name="Values">What differs from the recorded row.</param>
/// <param name="Rest">Which recorded rows belong to no order and stay as they are; null: none.</param>
sealed record CopiedTable(string Name, string Join, Dictionary<string, string> Values, string? Rest = null)
{
    /// <summary>The next free number of the table.</summary>
    public const string Numbered = "NULL";
}

/// <summary>What of a recorded shop is copied, and how: the longest tables first.</summary>
/// <param name="Orders">Orders and refunds: <c>id</c>, <c>parent</c>, <c>created</c>.</param>
sealed record CopiedShop(string Prefix, string Orders, IReadOnlyList<CopiedTable> Tables)
{
    const string NoOrder = "NOT IN (SELECT old_id FROM copies WHERE copy = 0)";

    public static readonly CopiedShop Hpos = new("wp_", "SELECT id, parent_order_id AS parent, date_created_gmt AS created FROM wp_wc_orders",
    [
        ItemMeta(),
        new("wc_orders_meta", By("wc_orders_meta", "order_id"), new() { ["id"] = CopiedTable.Numbered, ["order_id"] = "m.new_id", ["meta_value"] = Meta }),
        Items(),
        Posts(),
        new("wc_orders", By("wc_orders", "id"), new()
        {
            ["id"] = "m.new_id", ["parent_order_id"] = "m.new_parent", ["customer_id"] = "IF(s.customer_id = 0, 0, s.customer_id + m.users)", ["billing_email"] = "CONCAT(m.copy, '.', s.billing_email)",
            ["date_created_gmt"] = Moved("date_created_gmt"), ["date_updated_gmt"] = Moved("date_updated_gmt"),
        }),
        new("wc_order_addresses", By("wc_order_addresses", "order_id"), new() { ["id"] = CopiedTable.Numbered, ["order_id"] = "m.new_id", ["email"] = "CONCAT(m.copy, '.', s.email)" }),
        new("wc_order_operational_data", By("wc_order_operational_data", "order_id"), new()
        {
            ["id"] = CopiedTable.Numbered, ["order_id"] = "m.new_id", ["order_key"] = "CONCAT(s.order_key, m.copy)",
            ["date_paid_gmt"] = Moved("date_paid_gmt"), ["date_completed_gmt"] = Moved("date_completed_gmt"),
        }),
    ]);

    public static readonly CopiedShop Legacy = new("shop7_",
        "SELECT ID AS id, post_parent AS parent, post_date_gmt AS created FROM shop7_posts WHERE post_type IN ('shop_order', 'shop_order_refund')",
    [
        new("postmeta", By("postmeta", "post_id"), new() { ["meta_id"] = CopiedTable.Numbered, ["post_id"] = "m.new_id", ["meta_value"] = Meta }, $"s.post_id {NoOrder}"),
        ItemMeta(),
        Posts(),
        Items(),
    ]);

    static CopiedTable Posts() => new("posts", By("posts", "ID"), new()
    {
        ["ID"] = "m.new_id", ["post_parent"] = "m.new_parent", ["post_date"] = Moved("post_date"), ["post_date_gmt"] = Moved("post_date_gmt"),
        ["post_modified"] = Moved("post_modified"), ["post_modified_gmt"] = Moved("post_modified_gmt"),
    }, $"s.ID {NoOrder}");

    static CopiedTable Items() => new("woocommerce_order_items", By("woocommerce_order_items", "order_id"),
        new() { ["order_item_id"] = "s.order_item_id + m.items", ["order_id"] = "m.new_id" });

    static CopiedTable ItemMeta() => new("woocommerce_order_itemmeta", """
        STRAIGHT_JOIN (SELECT i.order_id, im.* FROM seed_woocommerce_order_items i JOIN seed_woocommerce_order_itemmeta im USING (order_item_id)) s ON s.order_id = m.old_id
        """, new()
    {
        ["meta_id"] = CopiedTable.Numbered, ["order_item_id"] = "s.order_item_id + m.items",
        ["meta_value"] = "IF(s.meta_key = '_refunded_item_id', s.meta_value + m.items, s.meta_value)",
    });

    static string By(string table, string column) => $"STRAIGHT_JOIN seed_{table} s ON s.{column} = m.old_id";

    // Adding to a zero date gives NULL.
    static string Moved(string column) => $"IFNULL(s.{column} + INTERVAL m.seconds SECOND, s.{column})";

    const string Meta = """
        CASE s.meta_key
            WHEN '_wc_order_attribution_utm_campaign' THEN IFNULL(m.code, s.meta_value)
            WHEN '_wc_order_attribution_session_entry' THEN IF(m.code IS NULL, s.meta_value, REGEXP_REPLACE(s.meta_value, '(utm_campaign|[?]ref)=[^&]*', CONCAT('\\1=', m.code)))
            WHEN '_wc_order_attribution_session_start_time' THEN s.meta_value + INTERVAL m.seconds SECOND
            WHEN '_paid_date' THEN s.meta_value + INTERVAL m.seconds SECOND
            WHEN '_completed_date' THEN s.meta_value + INTERVAL m.seconds SECOND
            WHEN '_date_paid' THEN s.meta_value + m.seconds
            WHEN '_date_completed' THEN s.meta_value + m.seconds
            WHEN '_billing_email' THEN CONCAT(m.copy, '.', s.meta_value)
            WHEN '_customer_user' THEN IF(s.meta_value = 0, 0, s.meta_value + m.users)
            ELSE s.meta_value END
        """;
}
