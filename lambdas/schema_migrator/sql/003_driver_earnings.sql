-- What each driver earned on each day; a day is settled once.
CREATE TABLE IF NOT EXISTS driver_earnings (
  driver_id      VARCHAR(200)    NOT NULL,
  delivery_date  DATE            NOT NULL,
  orders         INT UNSIGNED    NOT NULL,
  base_cents     BIGINT UNSIGNED NOT NULL,
  distance_cents BIGINT UNSIGNED NOT NULL,
  time_cents     BIGINT UNSIGNED NOT NULL,
  surge_cents    BIGINT UNSIGNED NOT NULL,
  tip_cents      BIGINT UNSIGNED NOT NULL,
  total_cents    BIGINT UNSIGNED NOT NULL,
  settled_at     DATETIME(3)     NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (driver_id, delivery_date),
  KEY driver_earnings_by_day (delivery_date),
  CONSTRAINT driver_earnings_total CHECK (total_cents = base_cents + distance_cents + time_cents + surge_cents + tip_cents)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
