-- The tables of OpenCart 4 that the views of docs/shop-database.md read: names, types and keys as its installer makes them
-- (upload/system/helper/db_schema.php), without the columns that nobody here reads.
CREATE TABLE `oc_order` (
  order_id INT AUTO_INCREMENT PRIMARY KEY, store_id INT NOT NULL DEFAULT 0, customer_id INT NOT NULL DEFAULT 0, email VARCHAR(96) NOT NULL, payment_country_id INT NOT NULL,
  payment_method TEXT NOT NULL, shipping_country_id INT NOT NULL, total DECIMAL(15,4) NOT NULL DEFAULT 0, order_status_id INT NOT NULL DEFAULT 0, tracking VARCHAR(64) NOT NULL,
  currency_code VARCHAR(3) NOT NULL, currency_value DECIMAL(15,8) NOT NULL DEFAULT 1, ip VARCHAR(40) NOT NULL, date_added DATETIME NOT NULL, date_modified DATETIME NOT NULL)
  DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_order_product (
  order_product_id INT AUTO_INCREMENT PRIMARY KEY, order_id INT NOT NULL, product_id INT NOT NULL, name VARCHAR(255) NOT NULL, model VARCHAR(64) NOT NULL, quantity INT NOT NULL,
  price DECIMAL(15,4) NOT NULL DEFAULT 0, total DECIMAL(15,4) NOT NULL DEFAULT 0, tax DECIMAL(15,4) NOT NULL DEFAULT 0, KEY order_id (order_id)) DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_order_total (
  order_total_id INT AUTO_INCREMENT PRIMARY KEY, order_id INT NOT NULL, extension VARCHAR(255) NOT NULL, code VARCHAR(32) NOT NULL, title VARCHAR(255) NOT NULL,
  value DECIMAL(15,4) NOT NULL DEFAULT 0, sort_order INT NOT NULL, KEY order_id (order_id)) DEFAULT CHARSET utf8mb4;
CREATE TABLE `oc_return` (
  return_id INT AUTO_INCREMENT PRIMARY KEY, order_id INT NOT NULL, product_id INT NOT NULL, quantity INT NOT NULL, return_reason_id INT NOT NULL, return_action_id INT NOT NULL,
  return_status_id INT NOT NULL, comment TEXT NOT NULL, date_added DATETIME NOT NULL, date_modified DATETIME NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_coupon (coupon_id INT AUTO_INCREMENT PRIMARY KEY, code VARCHAR(20) NOT NULL, shipping TINYINT NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_country (country_id INT AUTO_INCREMENT PRIMARY KEY, iso_code_2 VARCHAR(2) NOT NULL) DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_product_to_category (product_id INT NOT NULL, category_id INT NOT NULL, PRIMARY KEY (product_id, category_id), KEY category_id (category_id)) DEFAULT CHARSET utf8mb4;
CREATE TABLE oc_category_description (category_id INT NOT NULL, language_id INT NOT NULL, name VARCHAR(255) NOT NULL, PRIMARY KEY (category_id, language_id)) DEFAULT CHARSET utf8mb4;

INSERT INTO oc_country VALUES (81, 'DE'), (223, 'US');
INSERT INTO oc_coupon VALUES (1, 'SARA10', 0), (2, 'SARASHIP', 1);
INSERT INTO oc_product_to_category VALUES (77, 10), (77, 11), (78, 11);
INSERT INTO oc_category_description VALUES (10, 1, 'Tea, green'), (11, 1, 'Kitchen'), (10, 2, 'Tee');

-- Ten orders, all of Berlin's winter time; goods at 19 %, shipping 5.00 before tax, amounts in euros whatever the order's currency.
-- 1 complete, 10 % by the partner's coupon: lines of 60 and 40. 2 shipped, by the partner's tracking code. 3 as 1, and the coupon gives free shipping, too.
-- 4 cancelled. 5 refunded. 6 pending. 7 cash on delivery, under way. 8 nobody's. 9 was never finished. 10 as 1, paid in dollars and for 20.00 with a gift voucher.
INSERT INTO `oc_order` (order_id, customer_id, email, payment_country_id, payment_method, shipping_country_id, total, order_status_id, tracking, currency_code, currency_value, ip,
  date_added, date_modified) VALUES
  (1, 1, 'a@example.com', 81, '{"name":"Card","code":"stripe.stripe"}', 81, 113.05, 5, '', 'EUR', 1, '203.0.113.9', '2026-11-20 11:00:00', '2026-11-21 09:00:00'),
  (2, 0, 'b@example.com', 0, '{"name":"Card","code":"stripe.stripe"}', 223, 124.95, 3, 'sara', 'EUR', 1, '203.0.113.9', '2026-11-20 12:00:00', '2026-11-20 12:00:05'),
  (3, 1, 'a@example.com', 81, '{"name":"Card","code":"stripe.stripe"}', 81, 107.10, 2, '', 'EUR', 1, '203.0.113.9', '2026-11-20 13:00:00', '2026-11-20 13:00:05'),
  (4, 1, 'a@example.com', 81, '{"name":"Card","code":"stripe.stripe"}', 81, 113.05, 7, '', 'EUR', 1, '203.0.113.9', '2026-11-20 14:00:00', '2026-11-20 15:00:00'),
  (5, 1, 'a@example.com', 81, '{"name":"Card","code":"stripe.stripe"}', 81, 113.05, 11, '', 'EUR', 1, '203.0.113.9', '2026-11-20 15:00:00', '2026-11-22 10:00:00'),
  (6, 1, 'a@example.com', 81, '{"name":"Bank","code":"bank_transfer.bank_transfer"}', 81, 113.05, 1, '', 'EUR', 1, '203.0.113.9', '2026-11-20 16:00:00', '2026-11-20 16:00:05'),
  (7, 1, 'a@example.com', 81, '{"name":"Cash On Delivery","code":"cod.cod"}', 81, 113.05, 2, '', 'EUR', 1, '203.0.113.9', '2026-11-20 17:00:00', '2026-11-20 17:00:05'),
  (8, 0, 'b@example.com', 0, '{"name":"Card","code":"stripe.stripe"}', 223, 124.95, 5, '', 'EUR', 1, '203.0.113.9', '2026-11-20 18:00:00', '2026-11-20 18:00:05'),
  (9, 0, 'c@example.com', 0, '', 0, 124.95, 0, 'sara', 'EUR', 1, '203.0.113.9', '2026-11-20 19:00:00', '2026-11-20 19:00:00'),
  (10, 1, 'a@example.com', 81, '{"name":"Card","code":"stripe.stripe"}', 81, 93.05, 5, '', 'USD', 1.15, '203.0.113.9', '2026-11-20 20:00:00', '2026-11-20 20:00:05');
INSERT INTO oc_order_product (order_product_id, order_id, product_id, name, model, quantity, price, total, tax)
  SELECT order_id * 10 + 1, order_id, 77, 'Green tea', 'TEA-1', 2, 30, 60, 5.70 FROM `oc_order` UNION ALL SELECT order_id * 10 + 2, order_id, 78, 'Cup', 'CUP', 1, 40, 40, 7.60 FROM `oc_order`;
INSERT INTO oc_order_total (order_id, extension, code, title, value, sort_order)
  SELECT order_id, 'opencart', 'sub_total', 'Sub-Total', 100, 1 FROM `oc_order`
  UNION ALL SELECT order_id, 'opencart', 'shipping', 'Flat Shipping Rate', 5, 3 FROM `oc_order`
  UNION ALL SELECT order_id, 'opencart', 'coupon', IF(order_id = 3, 'Coupon (SARASHIP)', 'Coupon (SARA10)'), IF(order_id = 3, -15, -10), 4 FROM `oc_order` WHERE order_id NOT IN (2, 8, 9)
  UNION ALL SELECT order_id, 'opencart', 'tax', 'VAT', CASE WHEN order_id IN (2, 8, 9) THEN 19.95 WHEN order_id = 3 THEN 17.10 ELSE 18.05 END, 5 FROM `oc_order`
  UNION ALL SELECT 10, 'opencart', 'voucher', 'Gift voucher (ABC)', -20, 8
  UNION ALL SELECT order_id, 'opencart', 'total', 'Total', total, 9 FROM `oc_order`;
-- One of the two teas of order 2 came back and was paid back; another return is still on its way, and one was replaced.
INSERT INTO `oc_return` (return_id, order_id, product_id, quantity, return_reason_id, return_action_id, return_status_id, comment, date_added, date_modified) VALUES
  (1, 2, 77, 1, 1, 1, 3, 'Too strong', '2026-11-22 09:00:00', '2026-11-23 09:00:00'), (2, 1, 77, 1, 1, 1, 1, '', '2026-11-22 09:00:00', '2026-11-22 09:00:00'),
  (3, 1, 78, 1, 1, 3, 3, '', '2026-11-22 09:00:00', '2026-11-22 09:00:00');
