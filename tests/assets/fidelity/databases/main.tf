# Tables, clusters and caches.
resource "aws_dynamodb_table" "on_demand" {
  name         = "on-demand"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "full" {
  name             = "full"
  billing_mode     = "PROVISIONED"
  read_capacity    = 5
  write_capacity   = 5
  hash_key         = "user"
  range_key        = "time"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"
  attribute {
    name = "user"
    type = "S"
  }
  attribute {
    name = "time"
    type = "N"
  }
  attribute {
    name = "status"
    type = "S"
  }
  global_secondary_index {
    name            = "by-status"
    hash_key        = "status"
    range_key       = "time"
    projection_type = "ALL"
    read_capacity   = 2
    write_capacity  = 2
  }
  local_secondary_index {
    name               = "local"
    range_key          = "status"
    projection_type    = "INCLUDE"
    non_key_attributes = ["total"]
  }
  ttl {
    attribute_name = "expires"
    enabled        = true
  }
  point_in_time_recovery {
    enabled = true
  }
  server_side_encryption {
    enabled = true
  }
  tags = { Name = "full" }
}

resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.on_demand.name
  hash_key   = aws_dynamodb_table.on_demand.hash_key
  item       = jsonencode({ id = { S = "1" } })
}

resource "aws_db_subnet_group" "main" {
  name       = "main"
  subnet_ids = ["subnet-11111111", "subnet-22222222"]
}

resource "aws_db_parameter_group" "main" {
  name   = "main"
  family = "postgres15"
  parameter {
    name  = "log_connections"
    value = "1"
  }
  parameter {
    name         = "max_connections"
    value        = "200"
    apply_method = "pending-reboot"
  }
}

resource "aws_db_option_group" "main" {
  name                 = "main"
  engine_name          = "mysql"
  major_engine_version = "8.0"
}

resource "aws_db_instance" "main" {
  identifier             = "main"
  allocated_storage      = 20
  engine                 = "postgres"
  engine_version         = "15.4"
  instance_class         = "db.t3.micro"
  db_name                = "app"
  username               = "app"
  password               = "not-a-secret-1"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  parameter_group_name   = aws_db_parameter_group.main.name
  vpc_security_group_ids = ["sg-11111111"]
  skip_final_snapshot    = true
  multi_az               = true
  storage_encrypted      = true
}

resource "aws_db_instance" "mysql" {
  allocated_storage           = 10
  engine                      = "mysql"
  instance_class              = "db.t3.micro"
  username                    = "admin"
  manage_master_user_password = true
  backup_retention_period     = 7
  deletion_protection         = true
  final_snapshot_identifier   = "last"
}

resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.main.identifier
  instance_class      = "db.t3.micro"
  skip_final_snapshot = true
}

resource "aws_rds_cluster" "main" {
  cluster_identifier      = "main"
  engine                  = "aurora-postgresql"
  database_name           = "app"
  master_username         = "app"
  master_password         = "not-a-secret-1"
  backup_retention_period = 5
  preferred_backup_window = "07:00-09:00"
  skip_final_snapshot     = true
  availability_zones      = ["us-east-1a", "us-east-1b", "us-east-1c"]
}

resource "aws_rds_cluster" "serverless" {
  engine                      = "aurora-mysql"
  engine_mode                 = "provisioned"
  engine_version              = "8.0.mysql_aurora.3.05.2"
  master_username             = "app"
  manage_master_user_password = true
  storage_encrypted           = true
  serverlessv2_scaling_configuration {
    max_capacity = 4
    min_capacity = 0.5
  }
}

resource "aws_rds_cluster_instance" "main" {
  count              = 2
  identifier         = "main-${count.index}"
  cluster_identifier = aws_rds_cluster.main.id
  instance_class     = "db.r6g.large"
  engine             = aws_rds_cluster.main.engine
  engine_version     = aws_rds_cluster.main.engine_version
}

resource "aws_rds_cluster_parameter_group" "main" {
  name        = "main"
  family      = "aurora-postgresql15"
  description = "Ours"
}

resource "aws_db_snapshot" "main" {
  db_instance_identifier = aws_db_instance.main.identifier
  db_snapshot_identifier = "snap"
}

resource "aws_db_proxy" "main" {
  name           = "main"
  engine_family  = "POSTGRESQL"
  role_arn       = "arn:aws:iam::123456789012:role/proxy"
  vpc_subnet_ids = ["subnet-11111111", "subnet-22222222"]
  auth {
    auth_scheme = "SECRETS"
    iam_auth    = "DISABLED"
    secret_arn  = "arn:aws:secretsmanager:us-east-1:123456789012:secret:example"
  }
}

resource "aws_elasticache_subnet_group" "main" {
  name       = "main"
  subnet_ids = ["subnet-11111111"]
}

resource "aws_elasticache_parameter_group" "main" {
  name   = "main"
  family = "redis7"
}

resource "aws_elasticache_cluster" "redis" {
  cluster_id           = "redis"
  engine               = "redis"
  node_type            = "cache.t3.micro"
  num_cache_nodes      = 1
  parameter_group_name = "default.redis7"
  port                 = 6379
}

resource "aws_elasticache_cluster" "memcached" {
  cluster_id      = "memcached"
  engine          = "memcached"
  node_type       = "cache.t3.micro"
  num_cache_nodes = 2
}

resource "aws_elasticache_replication_group" "main" {
  replication_group_id       = "main"
  description                = "sessions"
  node_type                  = "cache.t3.micro"
  num_cache_clusters         = 2
  automatic_failover_enabled = true
  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  subnet_group_name          = aws_elasticache_subnet_group.main.name
}

resource "aws_elasticache_replication_group" "sharded" {
  replication_group_id       = "sharded"
  description                = "shards"
  node_type                  = "cache.r6g.large"
  num_node_groups            = 2
  replicas_per_node_group    = 1
  automatic_failover_enabled = true
  parameter_group_name       = "default.redis7.cluster.on"
}

resource "aws_redshift_cluster" "main" {
  cluster_identifier  = "main"
  database_name       = "app"
  master_username     = "app"
  master_password     = "Not-a-secret-1"
  node_type           = "dc2.large"
  cluster_type        = "single-node"
  skip_final_snapshot = true
}

resource "aws_redshift_subnet_group" "main" {
  name       = "main"
  subnet_ids = ["subnet-11111111"]
}

resource "aws_docdb_cluster" "main" {
  cluster_identifier  = "docs"
  engine              = "docdb"
  master_username     = "app"
  master_password     = "not-a-secret-1"
  skip_final_snapshot = true
}

resource "aws_docdb_cluster_instance" "main" {
  identifier         = "docs-0"
  cluster_identifier = aws_docdb_cluster.main.id
  instance_class     = "db.r5.large"
}

resource "aws_neptune_cluster" "main" {
  cluster_identifier  = "graph"
  engine              = "neptune"
  skip_final_snapshot = true
}

resource "aws_neptune_cluster_instance" "main" {
  cluster_identifier = aws_neptune_cluster.main.id
  instance_class     = "db.r5.large"
}

resource "aws_memorydb_cluster" "main" {
  acl_name  = "open-access"
  name      = "main"
  node_type = "db.t4g.small"
}

resource "aws_dax_cluster" "main" {
  cluster_name       = "main"
  iam_role_arn       = "arn:aws:iam::123456789012:role/dax"
  node_type          = "dax.r4.large"
  replication_factor = 1
}

resource "aws_dms_replication_instance" "main" {
  replication_instance_id    = "main"
  replication_instance_class = "dms.t3.micro"
}

resource "aws_db_event_subscription" "main" {
  name      = "main"
  sns_topic = "arn:aws:sns:us-east-1:123456789012:example"
}

resource "aws_dynamodb_contributor_insights" "main" {
  table_name = aws_dynamodb_table.full.name
}

resource "aws_dynamodb_kinesis_streaming_destination" "main" {
  stream_arn = "arn:aws:kinesis:us-east-1:123456789012:stream/example"
  table_name = aws_dynamodb_table.full.name
}
