-- What a delivery in a region brings its driver: of a region's rules, the latest that is valid on the day of the delivery.
CREATE TABLE IF NOT EXISTS pricing_rules (
  region           VARCHAR(200)  NOT NULL,
  valid_from       DATE          NOT NULL,
  base_cents       INT UNSIGNED  NOT NULL,
  per_km_cents     INT UNSIGNED  NOT NULL,
  per_minute_cents INT UNSIGNED  NOT NULL,
  surge_share      DECIMAL(4, 3) NOT NULL,
  PRIMARY KEY (region, valid_from),
  CONSTRAINT pricing_rules_surge_share CHECK (surge_share BETWEEN 0 AND 1)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
