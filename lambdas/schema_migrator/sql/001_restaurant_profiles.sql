-- Restaurants, as they keep themselves; the order processor caches what it reads here in Redis.
CREATE TABLE IF NOT EXISTS restaurant_profiles (
  restaurant_id       VARCHAR(200)      NOT NULL,
  name                VARCHAR(200)      NOT NULL,
  region              VARCHAR(200)      NOT NULL,
  latitude            DECIMAL(8, 6)     NOT NULL,
  longitude           DECIMAL(9, 6)     NOT NULL,
  open                BOOLEAN           NOT NULL DEFAULT FALSE,
  preparation_minutes SMALLINT UNSIGNED NOT NULL,
  updated_at          DATETIME(3)       NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  PRIMARY KEY (restaurant_id),
  CONSTRAINT restaurant_profiles_place CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
) ENGINE = InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
