resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_elasticache_replication_group" "pass_key" {
  replication_group_id       = "a"
  description                = "a"
  at_rest_encryption_enabled = true
  kms_key_id                 = aws_kms_key.key.arn
}

resource "aws_elasticache_replication_group" "fail_none" {
  replication_group_id = "b"
  description          = "b"
}

resource "aws_elasticache_replication_group" "fail_aws_managed" {
  replication_group_id       = "c"
  description                = "c"
  at_rest_encryption_enabled = true
}

resource "aws_elasticache_replication_group" "fail_key_without_encryption" {
  replication_group_id       = "d"
  description                = "d"
  at_rest_encryption_enabled = false
  kms_key_id                 = aws_kms_key.key.arn
}

resource "aws_elasticache_replication_group" "unknown_key" {
  replication_group_id       = "e"
  description                = "e"
  at_rest_encryption_enabled = true
  kms_key_id                 = terraform_data.later.output
}

resource "aws_elasticache_serverless_cache" "pass_key" {
  engine     = "redis"
  name       = "f"
  kms_key_id = aws_kms_key.key.arn
}

resource "aws_elasticache_serverless_cache" "fail_aws_managed" {
  engine = "redis"
  name   = "g"
}

# A node of its own cannot be encrypted at all.
resource "aws_elasticache_cluster" "fail_node" {
  cluster_id      = "h"
  engine          = "redis"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_elasticache_cluster" "absent_memcached" {
  cluster_id      = "i"
  engine          = "memcached"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_elasticache_cluster" "absent_replica" {
  cluster_id           = "j"
  replication_group_id = aws_elasticache_replication_group.pass_key.id
}

resource "aws_memorydb_cluster" "fail_aws_managed" {
  acl_name  = "waiters"
  node_type = "db.t4g.small"
}

resource "aws_memorydb_cluster" "pass_key" {
  acl_name    = "waiters"
  node_type   = "db.t4g.small"
  kms_key_arn = aws_kms_key.key.arn
}
