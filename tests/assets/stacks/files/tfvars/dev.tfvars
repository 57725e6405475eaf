environment        = "dev"
account_id         = "111111111111"
alarm_email        = "gallery-dev@example.com"
database_class     = "db.t4g.micro"
log_retention_days = 7
subnet_ids         = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"]
