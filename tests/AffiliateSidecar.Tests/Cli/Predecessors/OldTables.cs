namespace AffiliateSidecar.Cli.Predecessors;

/// <summary>The tables of other affiliate programs as their own sources create them, to be put beside a recorded shop, and people's work in them.</summary>
static class OldTables
{
    /// <summary>AffiliateWP 2.6: <c>create_table()</c> of its classes for affiliates, affiliate meta, coupons, visits, referrals and payouts.</summary>
    public const string AffiliateWp = """
        CREATE TABLE wp_affiliate_wp_affiliates (affiliate_id bigint(20) NOT NULL AUTO_INCREMENT, rest_id mediumtext NOT NULL, user_id bigint(20) NOT NULL, rate tinytext NOT NULL,
            rate_type tinytext NOT NULL, flat_rate_basis tinytext NOT NULL, payment_email mediumtext NOT NULL, status tinytext NOT NULL, earnings mediumtext NOT NULL,
            unpaid_earnings mediumtext NOT NULL, referrals bigint(20) NOT NULL, visits bigint(20) NOT NULL, date_registered datetime NOT NULL, PRIMARY KEY (affiliate_id), KEY user_id (user_id))
            CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE TABLE wp_affiliate_wp_affiliatemeta (meta_id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL DEFAULT '0', meta_key varchar(255) DEFAULT NULL,
            meta_value longtext, PRIMARY KEY (meta_id), KEY affiliate_id (affiliate_id), KEY meta_key (meta_key)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE TABLE wp_affiliate_wp_coupons (coupon_id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, coupon_code varchar(50) NOT NULL,
            PRIMARY KEY (coupon_id), KEY coupon_code (coupon_code)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE TABLE wp_affiliate_wp_visits (visit_id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, referral_id bigint(20) NOT NULL, rest_id mediumtext NOT NULL,
            url mediumtext NOT NULL, referrer mediumtext NOT NULL, campaign varchar(50) NOT NULL, context varchar(50) NOT NULL, ip tinytext NOT NULL, date datetime NOT NULL,
            PRIMARY KEY (visit_id), KEY affiliate_id (affiliate_id)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE TABLE wp_affiliate_wp_referrals (referral_id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, visit_id bigint(20) NOT NULL, rest_id mediumtext NOT NULL,
            customer_id bigint(20) NOT NULL, parent_id bigint(20) NOT NULL, description longtext NOT NULL, status tinytext NOT NULL, amount mediumtext NOT NULL, currency char(3) NOT NULL,
            custom longtext NOT NULL, context tinytext NOT NULL, campaign varchar(50) NOT NULL, type varchar(30) NOT NULL, reference mediumtext NOT NULL, products mediumtext NOT NULL,
            payout_id bigint(20) NOT NULL, date datetime NOT NULL, PRIMARY KEY (referral_id), KEY affiliate_id (affiliate_id)) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        CREATE TABLE wp_affiliate_wp_payouts (payout_id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, referrals mediumtext NOT NULL, amount mediumtext NOT NULL,
            owner bigint(20) NOT NULL, payout_method tinytext NOT NULL, service_account tinytext NOT NULL, service_id bigint(20) NOT NULL, service_invoice_link varchar(255) NOT NULL,
            description longtext NOT NULL, status tinytext NOT NULL, date datetime NOT NULL, PRIMARY KEY (payout_id), KEY affiliate_id (affiliate_id), KEY service_id (service_id))
            CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
        """;

    /// <summary>SliceWP: <c>create_table()</c> of its classes for affiliates, visits, commissions and payments.</summary>
    public const string SliceWp = """
        CREATE TABLE wp_slicewp_affiliates (id bigint(20) NOT NULL AUTO_INCREMENT, user_id bigint(20) NOT NULL, date_created datetime NOT NULL, date_modified datetime NOT NULL,
            payment_email mediumtext NOT NULL, website mediumtext NOT NULL, status tinytext NOT NULL, PRIMARY KEY id (id)) CHARACTER SET utf8mb4;
        CREATE TABLE wp_slicewp_visits (id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, date_created datetime NOT NULL, ip_address mediumtext NOT NULL,
            landing_url mediumtext NOT NULL, referrer_url mediumtext NOT NULL, commission_id bigint(20) NOT NULL, PRIMARY KEY id (id)) CHARACTER SET utf8mb4;
        CREATE TABLE wp_slicewp_commissions (id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, visit_id bigint(20) NOT NULL, date_created datetime NOT NULL,
            date_modified datetime NOT NULL, type tinytext NOT NULL, status tinytext NOT NULL, reference text NOT NULL, reference_amount mediumtext NOT NULL, customer_id bigint(20) NOT NULL,
            origin mediumtext, amount mediumtext NOT NULL, parent_id bigint(20) NOT NULL, payment_id bigint(20) NOT NULL, currency char(3) NOT NULL, PRIMARY KEY id (id)) CHARACTER SET utf8mb4;
        CREATE TABLE wp_slicewp_payments (id bigint(20) NOT NULL AUTO_INCREMENT, affiliate_id bigint(20) NOT NULL, commission_ids longtext NOT NULL, amount mediumtext NOT NULL,
            currency char(3) NOT NULL, admin_id bigint(20) NOT NULL, date_created datetime NOT NULL, date_modified datetime NOT NULL, payout_method tinytext NOT NULL, status tinytext NOT NULL,
            payout_id bigint(20) NOT NULL, PRIMARY KEY id (id)) CHARACTER SET utf8mb4;
        """;

    const string NoMode = "SET sql_mode = ''; ";

    /// <summary>Seven affiliates, of whom one is in a state that nobody knows and one's user is gone; their coupons, visits, referrals and payouts, good and bad.</summary>
    public const string AffiliateWpRows = NoMode + """
        INSERT INTO wp_affiliate_wp_affiliates (affiliate_id, user_id, rate, rate_type, payment_email, status, date_registered) VALUES
            (1, 2, '15', 'percentage', 'anna-pay@example.com', 'active', '2024-03-01 10:00:00'), (2, 6, '', '', '', 'active', '2024-04-01 10:00:00'),
            (3, 7, '', '', '', 'pending', '2026-11-01 10:00:00'), (4, 999, '', '', 'gone@example.com', 'inactive', '2023-01-01 00:00:00'), (5, 8, '', '', '', 'rejected', '2025-01-01 00:00:00'),
            (6, 9, '', '', '', 'sleeping', '2025-01-01 00:00:00'), (105, 5, '', '', 'no address', 'active', '0000-00-00 00:00:00');
        INSERT INTO wp_affiliate_wp_affiliatemeta (affiliate_id, meta_key, meta_value) VALUES (105, 'custom_slug', 'dora tea!');
        INSERT INTO wp_affiliate_wp_coupons (affiliate_id, coupon_code) VALUES (1, 'ANNA10');
        INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (34, 'affwp_discount_affiliate', '2'), (29, 'affwp_discount_affiliate', '77');
        INSERT INTO wp_affiliate_wp_visits (visit_id, affiliate_id, url, referrer, ip, date) VALUES
            (10, 1, 'http://127.0.0.1:8088/?ref=1', 'https://blog.example/', '203.0.113.9', '2026-11-23 08:00:00'), (11, 1, 'http://127.0.0.1:8088/?ref=1', '', '203.0.113.9', '2026-11-23 08:10:00'),
            (12, 88, 'http://127.0.0.1:8088/?ref=88', '', '203.0.113.9', '2026-11-23 08:10:00'), (13, 88, 'http://127.0.0.1:8088/?ref=88', '', '203.0.113.9', '2026-11-23 08:11:00'),
            (14, 2, 'http://127.0.0.1:8088/?ref=2', '', '', '0000-00-00 00:00:00'), (15, 2, 'http://127.0.0.1:8088/?ref=maryam', '', '', '2026-11-23 08:00:00'),
            (16, 2, 'http://127.0.0.1:8088/?ref=maryam', '', '', '2026-11-23 08:00:30');
        INSERT INTO wp_affiliate_wp_referrals (referral_id, affiliate_id, visit_id, status, amount, currency, context, type, reference, payout_id, date) VALUES
            (1, 1, 10, 'paid', '4.00', 'USD', 'woocommerce', 'sale', '38', 1, '2026-11-23 08:09:57'), (2, 1, 0, 'unpaid', '2.50', 'USD', 'woocommerce', 'sale', '39', 0, '2026-11-23 08:10:08'),
            (3, 2, 0, 'rejected', '3.27', 'USD', 'woocommerce', 'sale', '43', 0, '2026-11-23 08:10:50'), (4, 2, 15, 'paid', '10.99', 'USD', 'woocommerce', 'sale', '42', 2, '2026-11-23 08:10:38'),
            (5, 2, 0, 'rejected', '1.85', 'USD', 'woocommerce', 'sale', '44', 0, '2026-11-23 08:10:58'), (6, 1, 0, 'pending', '1.85', 'USD', 'woocommerce', 'sale', '36', 0, '2026-11-23 08:07:13'),
            (7, 105, 0, 'unpaid', '5.93', 'USD', 'woocommerce', 'sale', '46', 0, '2026-11-23 08:11:23'), (8, 105, 0, 'unpaid', '20.00', 'USD', '', 'opt-in', '', 0, '2026-11-23 09:00:00'),
            (9, 2, 0, 'unpaid', '1.00', 'USD', 'woocommerce', 'sale', '38', 0, '2026-11-23 08:09:58'), (10, 1, 0, 'paid', '7.00', 'USD', 'woocommerce', 'sale', '9999', 1, '2025-11-23 08:00:00'),
            (11, 1, 0, 'unpaid', '3.00', 'EUR', 'woocommerce', 'sale', '47', 0, '2026-11-23 08:11:32'), (12, 1, 0, 'unpaid', 'abc', 'USD', 'woocommerce', 'sale', '49', 0, '2026-11-23 08:12:01'),
            (13, 1, 0, 'unpaid', '-5.00', 'USD', 'woocommerce', 'sale', '50', 0, '2026-11-23 08:12:16'), (14, 77, 0, 'unpaid', '5.00', 'USD', 'woocommerce', 'sale', '51', 0, '2026-11-23 08:12:29'),
            (15, 1, 0, 'unpaid', '5.00', 'XXX', 'woocommerce', 'sale', '52', 0, '2026-11-23 08:12:40'), (16, 1, 0, 'odd', '5.00', 'USD', 'woocommerce', 'sale', '57', 0, '2026-11-23 08:18:30'),
            (17, 1, 0, 'draft', '5.00', 'USD', 'woocommerce', 'sale', '59', 0, '2026-11-23 08:19:28');
        INSERT INTO wp_affiliate_wp_payouts (payout_id, affiliate_id, referrals, amount, payout_method, status, date) VALUES
            (1, 1, '1,10', '11.00', 'manual', 'paid', '2026-11-24 10:00:00'), (2, 2, '4', '12.00', 'manual', 'paid', '2026-11-24 10:00:00');
        """;

    public const string SliceWpRows = NoMode + """
        INSERT INTO wp_slicewp_affiliates (id, user_id, date_created, payment_email, website, status) VALUES
            (1, 2, '2024-03-01 10:00:00', 'anna-pay@example.com', 'https://anna.example/', 'active'), (2, 6, '2024-04-01 10:00:00', '', '', 'inactive');
        INSERT INTO wp_slicewp_visits (id, affiliate_id, date_created, ip_address, landing_url, referrer_url) VALUES
            (10, 1, '2026-11-23 08:00:00', '203.0.113.9', 'http://127.0.0.1:8088/?aff=1', 'https://blog.example/');
        INSERT INTO wp_slicewp_commissions (id, affiliate_id, visit_id, date_created, type, status, reference, origin, amount, payment_id, currency) VALUES
            (1, 1, 10, '2026-11-23 08:09:57', 'sale', 'paid', '38', 'woo', '4.00', 0, 'USD'), (2, 1, 0, '2026-11-23 08:10:08', 'sale', 'unpaid', '39', 'woo', '2.50', 0, 'USD'),
            (3, 2, 0, '2026-11-23 08:10:38', 'sale', 'unpaid', '42', 'woo', '10.99', 0, 'USD'), (4, 1, 0, '2026-11-23 08:10:50', 'sale', 'rejected', '43', 'woo', '3.27', 0, 'USD');
        INSERT INTO wp_slicewp_payments (id, affiliate_id, commission_ids, amount, currency, date_created, payout_method, status) VALUES
            (7, 1, '1', '4.00', 'USD', '2026-11-24 10:00:00', 'manual', 'paid');
        """;
}
