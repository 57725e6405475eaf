-- Delivered orders, for reports; the rating comes later, or never.
CREATE TABLE IF NOT EXISTS analytics_orders (
  order_id         VARCHAR(200)     NOT NULL,
  restaurant_id    VARCHAR(200)     NOT NULL,
  region           VARCHAR(200)     NOT NULL,
  driver_id        VARCHAR(200)     NOT NULL,
  placed_at        DATETIME(3)      NOT NULL,
  delivered_at     DATETIME(3)      NOT NULL,
  delivery_minutes DECIMAL(10, 2)   NOT NULL,
  total_cents      INT UNSIGNED     NOT NULL,
  tip_cents        INT UNSIGNED     NOT NULL,
  surge            DECIMAL(5, 2)    NOT NULL,
  rating           TINYINT UNSIGNED NULL,
  PRIMARY KEY (order_id),
  KEY analytics_orders_by_restaurant (restaurant_id, delivered_at),
  KEY analytics_orders_by_region (region, delivered_at),
  CONSTRAINT analytics_orders_rating CHECK (rating BETWEEN 1 AND 5)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
