-- The tables of PrestaShop 8 that the views of docs/shop-database.md read: names, types and keys as its installer makes them
-- (install-dev/data/db_structure.sql), without the columns that nobody here reads.
CREATE TABLE ps_orders (
  id_order INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, reference VARCHAR(9), id_shop INT UNSIGNED NOT NULL DEFAULT 1, id_customer INT UNSIGNED NOT NULL,
  id_currency INT UNSIGNED NOT NULL, id_address_invoice INT UNSIGNED NOT NULL, current_state INT UNSIGNED NOT NULL, payment VARCHAR(255) NOT NULL, module VARCHAR(255),
  total_discounts_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0, total_discounts_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0,
  total_paid_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0, total_paid_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0,
  total_products DECIMAL(20,6) NOT NULL DEFAULT 0, total_products_wt DECIMAL(20,6) NOT NULL DEFAULT 0,
  total_shipping_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0, total_shipping_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0,
  total_wrapping_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0, total_wrapping_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0,
  date_add DATETIME NOT NULL, date_upd DATETIME NOT NULL,
  KEY id_customer (id_customer), KEY id_currency (id_currency), KEY current_state (current_state), KEY date_add (date_add)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_order_state (
  id_order_state INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, module_name VARCHAR(255), logable TINYINT NOT NULL DEFAULT 0, delivery TINYINT UNSIGNED NOT NULL DEFAULT 0,
  shipped TINYINT UNSIGNED NOT NULL DEFAULT 0, paid TINYINT UNSIGNED NOT NULL DEFAULT 0, deleted TINYINT UNSIGNED NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_order_detail (
  id_order_detail INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_order INT UNSIGNED NOT NULL, id_shop INT UNSIGNED NOT NULL DEFAULT 1, product_id INT UNSIGNED NOT NULL,
  product_attribute_id INT UNSIGNED, product_name TEXT NOT NULL, product_quantity INT UNSIGNED NOT NULL DEFAULT 0, product_reference VARCHAR(64),
  total_price_tax_incl DECIMAL(20,6) NOT NULL DEFAULT 0, total_price_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0,
  KEY order_detail_order (id_order), KEY product_id (product_id, product_attribute_id), KEY id_order_id_order_detail (id_order, id_order_detail)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_order_cart_rule (
  id_order_cart_rule INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_order INT UNSIGNED NOT NULL, id_cart_rule INT UNSIGNED NOT NULL, name VARCHAR(254) NOT NULL,
  value DECIMAL(20,6) NOT NULL DEFAULT 0, value_tax_excl DECIMAL(20,6) NOT NULL DEFAULT 0, free_shipping TINYINT NOT NULL DEFAULT 0, deleted TINYINT UNSIGNED NOT NULL DEFAULT 0,
  KEY id_order (id_order), KEY id_cart_rule (id_cart_rule)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_cart_rule (id_cart_rule INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, code VARCHAR(254) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_order_slip (
  id_order_slip INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_customer INT UNSIGNED NOT NULL, id_order INT UNSIGNED NOT NULL,
  total_products_tax_excl DECIMAL(20,6), total_products_tax_incl DECIMAL(20,6), total_shipping_tax_excl DECIMAL(20,6), total_shipping_tax_incl DECIMAL(20,6),
  amount DECIMAL(20,6) NOT NULL DEFAULT 0, shipping_cost_amount DECIMAL(20,6) NOT NULL DEFAULT 0, partial TINYINT NOT NULL, order_slip_type TINYINT UNSIGNED NOT NULL DEFAULT 0,
  date_add DATETIME NOT NULL, date_upd DATETIME NOT NULL, KEY order_slip_customer (id_customer), KEY id_order (id_order)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_order_slip_detail (
  id_order_slip INT UNSIGNED NOT NULL, id_order_detail INT UNSIGNED NOT NULL, product_quantity INT UNSIGNED NOT NULL DEFAULT 0,
  total_price_tax_excl DECIMAL(20,6), total_price_tax_incl DECIMAL(20,6), amount_tax_excl DECIMAL(20,6), amount_tax_incl DECIMAL(20,6),
  PRIMARY KEY (id_order_slip, id_order_detail)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_currency (id_currency INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, iso_code VARCHAR(3) NOT NULL DEFAULT '0') DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_customer (id_customer INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, email VARCHAR(255) NOT NULL, is_guest TINYINT NOT NULL DEFAULT 0) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_address (id_address INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_country INT UNSIGNED NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_country (id_country INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, iso_code VARCHAR(3) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_product (id_product INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_category_default INT UNSIGNED) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_category_lang (
  id_category INT UNSIGNED NOT NULL, id_shop INT UNSIGNED NOT NULL DEFAULT 1, id_lang INT UNSIGNED NOT NULL, name VARCHAR(128) NOT NULL, link_rewrite VARCHAR(128) NOT NULL,
  PRIMARY KEY (id_category, id_shop, id_lang)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_guest (id_guest INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_customer INT UNSIGNED, KEY id_customer (id_customer)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_connections (id_connections INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_guest INT UNSIGNED NOT NULL, date_add DATETIME NOT NULL, KEY id_guest (id_guest)) DEFAULT CHARSET utf8mb4;
CREATE TABLE ps_connections_source (
  id_connections_source INT UNSIGNED AUTO_INCREMENT PRIMARY KEY, id_connections INT UNSIGNED NOT NULL, http_referer VARCHAR(255), request_uri VARCHAR(255), date_add DATETIME NOT NULL,
  KEY connections (id_connections), KEY orderby (date_add)) DEFAULT CHARSET utf8mb4;

-- What the installer fills in: the thirteen states of an order.
INSERT INTO ps_order_state (id_order_state, module_name, logable, delivery, shipped, paid) VALUES
  (1, 'ps_checkpayment', 0, 0, 0, 0), (2, NULL, 1, 0, 0, 1), (3, NULL, 1, 1, 0, 1), (4, NULL, 1, 1, 1, 1), (5, NULL, 1, 1, 1, 1), (6, NULL, 0, 0, 0, 0), (7, NULL, 0, 0, 0, 0),
  (8, NULL, 0, 0, 0, 0), (9, NULL, 0, 0, 0, 1), (10, 'ps_wirepayment', 0, 0, 0, 0), (11, NULL, 1, 0, 0, 1), (12, NULL, 0, 0, 0, 0), (13, 'ps_cashondelivery', 0, 0, 0, 0);
INSERT INTO ps_currency VALUES (1, 'EUR');
INSERT INTO ps_country VALUES (1, 'DE'), (8, 'FR');
INSERT INTO ps_address VALUES (1, 1), (2, 8);
INSERT INTO ps_customer VALUES (1, 'a@example.com', 0), (2, 'b@example.com', 1);
INSERT INTO ps_product VALUES (77, 10), (78, 10);
INSERT INTO ps_category_lang VALUES (10, 1, 1, 'Tea', 'tea'), (10, 1, 2, 'Thé', 'the');
INSERT INTO ps_cart_rule VALUES (1, 'SARA10'), (2, 'FREESHIP');

-- Eight orders, all of Berlin's winter time; goods at 19 %, shipping 5.00 before tax.
-- 1 delivered, 10 % by the partner's coupon: two lines of 60 and 40. 2 the same goods without one, the visit began with the partner's link.
-- 3 as 1, with free shipping, too. 4 cancelled. 5 refunded as a whole. 6 waits for its payment. 7 cash on delivery, under way. 8 nobody's.
INSERT INTO ps_orders (id_order, reference, id_customer, id_currency, id_address_invoice, current_state, payment, module, total_discounts_tax_incl, total_discounts_tax_excl,
  total_paid_tax_incl, total_paid_tax_excl, total_products, total_products_wt, total_shipping_tax_incl, total_shipping_tax_excl, date_add, date_upd) VALUES
  (1, 'AAAAAAAAA', 1, 1, 1, 5, 'Card',  'stripe',            11.90, 10, 113.05, 95, 100, 119, 5.95, 5, '2026-11-20 11:00:00', '2026-11-21 09:00:00'),
  (2, 'BBBBBBBBB', 2, 1, 2, 2, 'Card',  'stripe',            0,      0, 124.95, 105, 100, 119, 5.95, 5, '2026-11-20 12:00:00', '2026-11-20 12:00:05'),
  (3, 'CCCCCCCCC', 1, 1, 1, 4, 'Card',  'stripe',            17.85, 15, 107.10, 90, 100, 119, 5.95, 5, '2026-11-20 13:00:00', '2026-11-20 13:00:05'),
  (4, 'DDDDDDDDD', 1, 1, 1, 6, 'Card',  'stripe',            11.90, 10, 113.05, 95, 100, 119, 5.95, 5, '2026-11-20 14:00:00', '2026-11-20 15:00:00'),
  (5, 'EEEEEEEEE', 1, 1, 1, 7, 'Card',  'stripe',            11.90, 10, 113.05, 95, 100, 119, 5.95, 5, '2026-11-20 15:00:00', '2026-11-22 10:00:00'),
  (6, 'FFFFFFFFF', 1, 1, 1, 10, 'Wire', 'ps_wirepayment',    11.90, 10, 113.05, 95, 100, 119, 5.95, 5, '2026-11-20 16:00:00', '2026-11-20 16:00:05'),
  (7, 'GGGGGGGGG', 1, 1, 1, 3, 'COD',   'ps_cashondelivery', 11.90, 10, 113.05, 95, 100, 119, 5.95, 5, '2026-11-20 17:00:00', '2026-11-20 17:00:05'),
  (8, 'HHHHHHHHH', 2, 1, 2, 5, 'Card',  'stripe',            0,      0, 124.95, 105, 100, 119, 5.95, 5, '2026-11-20 11:30:00', '2026-11-20 11:30:05');
INSERT INTO ps_order_detail (id_order_detail, id_order, product_id, product_name, product_quantity, product_reference, total_price_tax_incl, total_price_tax_excl)
  SELECT id_order * 10 + 1, id_order, 77, 'Green tea', 2, 'TEA-1', 71.40, 60 FROM ps_orders UNION ALL SELECT id_order * 10 + 2, id_order, 78, 'Cup', 1, NULL, 47.60, 40 FROM ps_orders;
INSERT INTO ps_order_cart_rule (id_order, id_cart_rule, name, value, value_tax_excl, free_shipping, deleted) VALUES
  (1, 1, 'Sara', 11.90, 10, 0, 0), (3, 1, 'Sara', 11.90, 10, 0, 0), (3, 2, 'Free shipping', 5.95, 5, 1, 0), (4, 1, 'Sara', 11.90, 10, 0, 0), (5, 1, 'Sara', 11.90, 10, 0, 0),
  (6, 1, 'Sara', 11.90, 10, 0, 0), (7, 1, 'Sara', 11.90, 10, 0, 0), (8, 1, 'Taken away again', 11.90, 10, 0, 1);
-- A part of order 2 came back, with its own credit slip; all of order 5.
INSERT INTO ps_order_slip (id_order_slip, id_customer, id_order, total_products_tax_excl, total_products_tax_incl, total_shipping_tax_excl, total_shipping_tax_incl, amount,
  shipping_cost_amount, partial, date_add, date_upd) VALUES
  (1, 2, 2, 30, 35.70, 0, 0, 30, 0, 0, '2026-11-23 09:00:00', '2026-11-23 09:00:00'), (2, 1, 5, 100, 119, 5, 5.95, 100, 5, 0, '2026-11-22 10:00:00', '2026-11-22 10:00:00');
INSERT INTO ps_order_slip_detail (id_order_slip, id_order_detail, product_quantity, total_price_tax_excl, total_price_tax_incl, amount_tax_excl, amount_tax_incl) VALUES
  (1, 21, 1, 30, 35.70, 30, 35.70), (2, 51, 2, 60, 71.40, 60, 71.40), (2, 52, 1, 40, 47.60, 40, 47.60);
-- The visit of customer 2, after his first order and before his second.
INSERT INTO ps_guest VALUES (1, 2);
INSERT INTO ps_connections VALUES (1, 1, '2026-11-20 11:55:00'), (2, 1, '2026-11-20 20:00:00');
INSERT INTO ps_connections_source (id_connections, http_referer, request_uri, date_add) VALUES
  (1, 'https://sara.example/tea', 'shop.example/tea?utm_source=affiliate&utm_medium=referral&utm_campaign=sara', '2026-11-20 11:55:00'),
  (1, 'https://search.example/', 'shop.example/', '2026-11-20 11:56:00'), (2, 'https://tom.example/', 'shop.example/?ref=tom', '2026-11-20 20:00:00');
