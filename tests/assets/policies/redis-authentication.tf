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
