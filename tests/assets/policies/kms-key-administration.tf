locals {
  account = {
    Sid       = "Account"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::123456789012:root" }
    Action    = "kms:*"
    Resource  = "*"
  }

  logs = {
    Sid       = "Logs"
    Effect    = "Allow"
    Principal = { Service = "logs.eu-west-1.amazonaws.com" }
    Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
    Resource  = "*"
  }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_kms_key" "pass_account" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.account, local.logs] })
}

resource "aws_kms_key" "absent_default" {}

resource "aws_kms_key" "fail_role" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.account,
    merge(local.account, { Sid = "Role", Principal = { AWS = "arn:aws:iam::123456789012:role/deployer" } }),
  ] })
}

resource "aws_kms_key" "fail_service" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.account,
    merge(local.account, { Sid = "Service", Principal = { Service = "lambda.amazonaws.com" } }),
  ] })
}

resource "aws_kms_key" "fail_two_accounts" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.account, { Principal = { AWS = ["arn:aws:iam::123456789012:root", "210987654321"] } }),
  ] })
}

resource "aws_kms_key" "fail_everybody" {
  policy = jsonencode({ Version = "2012-10-17", Statement = merge(local.account, { Principal = "*" }) })
}

# The same right by other names.
resource "aws_kms_key" "fail_by_name" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.account,
    merge(local.account, { Sid = "Role", Principal = { AWS = "arn:aws:iam::123456789012:role/x" }, Action = ["KMS:putkeypolicy"] }),
  ] })
}

resource "aws_kms_key" "fail_by_pattern" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.account,
    merge(local.account, { Sid = "Role", Principal = { AWS = "arn:aws:iam::123456789012:role/x" }, Action = "kms:?ut*" }),
  ] })
}

resource "aws_kms_key_policy" "fail_all_but" {
  key_id = aws_kms_key.absent_default.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::123456789012:role/x" }
    NotAction = "kms:Decrypt"
    Resource  = "*"
  }] })
}

resource "aws_kms_key_policy" "pass_denial" {
  key_id = aws_kms_key.absent_default.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.account,
    merge(local.account, { Sid = "Nobody", Effect = "Deny", Principal = "*", Action = "kms:ScheduleKeyDeletion" }),
  ] })
}

resource "aws_kms_key" "unknown_policy" {
  policy = terraform_data.later.output
}

resource "aws_kms_key" "pass_unknown_sid" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.account, { Sid = terraform_data.later.output })] })
}

resource "aws_kms_replica_external_key" "fail_copy" {
  primary_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/mrk-11111111222233334444555555555555"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/deployer" }, Action = "kms:*", Resource = "*" }
  ] })
}
