variable "token" {
  type    = string
  default = null
}

resource "random_password" "token" {
  length  = 32
  special = false
}

resource "aws_elasticache_replication_group" "pass_token" {
  replication_group_id       = "a"
  description                = "a"
  transit_encryption_enabled = true
  auth_token                 = random_password.token.result
}

resource "aws_elasticache_replication_group" "pass_users" {
  replication_group_id       = "b"
  description                = "b"
  transit_encryption_enabled = true
  user_group_ids             = ["waiters"]
}

resource "aws_elasticache_replication_group" "fail_none" {
  replication_group_id       = "c"
  description                = "c"
  transit_encryption_enabled = true
}

resource "aws_elasticache_replication_group" "fail_null" {
  replication_group_id       = "d"
  description                = "d"
  transit_encryption_enabled = true
  auth_token                 = var.token
}

resource "aws_elasticache_cluster" "fail_node" {
  cluster_id      = "h"
  engine          = "redis"
  node_type       = "cache.t4g.micro"
  num_cache_nodes = 1
}

resource "aws_elasticache_serverless_cache" "pass_users" {
  engine        = "valkey"
  name          = "e"
  user_group_id = "waiters"
}

resource "aws_elasticache_serverless_cache" "fail_none" {
  engine = "valkey"
  name   = "f"
}

resource "aws_elasticache_serverless_cache" "absent_memcached" {
  engine = "memcached"
  name   = "g"
}

resource "aws_memorydb_cluster" "fail_open" {
  acl_name  = "open-access"
  node_type = "db.t4g.small"
}

resource "aws_memorydb_cluster" "pass_list" {
  acl_name  = "waiters"
  node_type = "db.t4g.small"
}

# Users of a group who need no password.
resource "aws_elasticache_user" "fail_no_password" {
  access_string        = "on ~* +@all"
  engine               = "redis"
  user_id              = "a"
  user_name            = "waiter"
  no_password_required = true
}

resource "aws_elasticache_user" "fail_no_password_mode" {
  access_string = "on ~* +@all"
  engine        = "redis"
  user_id       = "b"
  user_name     = "waiter"

  authentication_mode {
    type = "no-password-required"
  }
}

resource "aws_elasticache_user" "pass_password" {
  access_string = "on ~* +@all"
  engine        = "redis"
  user_id       = "c"
  user_name     = "waiter"

  authentication_mode {
    type = "iam"
  }
}

# Every group must have a default user: it can be switched off.
resource "aws_elasticache_user" "pass_off" {
  access_string        = "off -@all"
  engine               = "redis"
  user_id              = "d"
  user_name            = "default"
  no_password_required = true
}
