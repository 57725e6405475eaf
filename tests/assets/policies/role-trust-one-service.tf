locals {
  trust = { Effect = "Allow", Action = "sts:AssumeRole" }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role" "pass_service" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { Service = "lambda.amazonaws.com" } })] })
}

resource "aws_iam_role" "pass_somebody" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { AWS = ["arn:aws:iam::123456789012:role/deployer", "arn:aws:iam::123456789012:role/operator"] } })
  ] })
}

resource "aws_iam_role" "pass_account_with_external_id" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { AWS = "arn:aws:iam::123456789012:root" }, Condition = { StringEquals = { "sts:ExternalId" = "orders" } } })
  ] })
}

resource "aws_iam_role" "fail_two_services" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { Service = ["lambda.amazonaws.com", "states.amazonaws.com"] } })
  ] })
}

resource "aws_iam_role" "fail_two_statements" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { Service = "lambda.amazonaws.com" } }),
    merge(local.trust, { Principal = { AWS = "arn:aws:iam::123456789012:role/deployer" } }),
  ] })
}

resource "aws_iam_role" "fail_everybody" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { AWS = "*" } })] })
}

resource "aws_iam_role" "fail_account" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { AWS = "123456789012" } })] })
}

# Any value will do.
resource "aws_iam_role" "fail_account_with_any_id" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { AWS = "arn:aws:iam::123456789012:root" }, Condition = { StringLike = { "sts:ExternalId" = "*" } } })
  ] })
}

resource "aws_iam_role" "unknown_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { AWS = terraform_data.later.output } })] })
}
