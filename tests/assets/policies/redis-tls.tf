resource "terraform_data" "later" {
  input = "preferred"
}

resource "aws_elasticache_replication_group" "pass_required" {
  replication_group_id       = "a"
  description                = "a"
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
}

resource "aws_elasticache_replication_group" "pass_default_mode" {
  replication_group_id       = "b"
  description                = "b"
  transit_encryption_enabled = true
}

resource "aws_elasticache_replication_group" "fail_off" {
  replication_group_id       = "c"
  description                = "c"
  transit_encryption_enabled = false
}

resource "aws_elasticache_replication_group" "fail_default" {
  replication_group_id = "d"
  description          = "d"
}

# Plain text is let in as well.
resource "aws_elasticache_replication_group" "fail_preferred" {
  replication_group_id       = "e"
  description                = "e"
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
}

resource "aws_elasticache_replication_group" "unknown_mode" {
  replication_group_id       = "f"
  description                = "f"
  transit_encryption_enabled = true
  transit_encryption_mode    = terraform_data.later.output
}

# A node of its own knows no TLS.
resource "aws_elasticache_cluster" "fail_node" {
  cluster_id      = "h"
  engine          = "valkey"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_memorydb_cluster" "fail_off" {
  acl_name    = "waiters"
  node_type   = "db.t4g.small"
  tls_enabled = false
}

resource "aws_memorydb_cluster" "pass_default" {
  acl_name  = "waiters"
  node_type = "db.t4g.small"
}
