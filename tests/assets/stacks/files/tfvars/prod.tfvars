environment        = "prod"
account_id         = "333333333333"
alarm_email        = "on-call@example.com"
database_class     = "db.r6g.large"
image_memory       = 2048
log_retention_days = 90
multi_az           = true
subnet_ids         = ["subnet-0c1b2c3d4e5f60001", "subnet-0c1b2c3d4e5f60002", "subnet-0c1b2c3d4e5f60003"]
