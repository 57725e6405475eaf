resource "terraform_data" "later" {
  input = 0
}

resource "aws_elasticache_replication_group" "pass_week" {
  replication_group_id     = "a"
  description              = "a"
  snapshot_retention_limit = 7
}

resource "aws_elasticache_replication_group" "fail_default" {
  replication_group_id = "b"
  description          = "b"
}

resource "aws_elasticache_replication_group" "fail_zero" {
  replication_group_id     = "c"
  description              = "c"
  snapshot_retention_limit = 0
}

resource "aws_elasticache_replication_group" "unknown_days" {
  replication_group_id     = "d"
  description              = "d"
  snapshot_retention_limit = terraform_data.later.output
}

resource "aws_memorydb_cluster" "fail_default" {
  acl_name  = "waiters"
  node_type = "db.t4g.small"
}

resource "aws_memorydb_cluster" "pass_week" {
  acl_name                 = "waiters"
  node_type                = "db.t4g.small"
  snapshot_retention_limit = 7
}

resource "aws_elasticache_cluster" "fail_node" {
  cluster_id      = "h"
  engine          = "redis"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}
