environment    = "staging"
account_id     = "222222222222"
alarm_email    = "gallery-staging@example.com"
database_class = "db.t4g.small"
image_memory   = 1024
subnet_ids     = ["subnet-0b1b2c3d4e5f60001", "subnet-0b1b2c3d4e5f60002"]
