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

locals {
  web = { Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" } }
}

resource "aws_iam_role" "pass_repository" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.web, { Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:orders/stack:*" } } })
  ] })
}

resource "aws_iam_role" "pass_directory" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRoleWithSAML", Principal = { Federated = "arn:aws:iam::123456789012:saml-provider/staff" } }
  ] })
}

resource "aws_iam_role" "pass_identity_pool" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.web, {
      Principal = { Federated = "cognito-identity.amazonaws.com" }
      Condition = { StringEquals = { "cognito-identity.amazonaws.com:aud" = "eu-west-1:11111111-2222-3333-4444-555555555555" } }
    })
  ] })
}

# Everybody on GitHub has a workflow.
resource "aws_iam_role" "fail_any_repository" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.web, { Condition = { StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" } } })
  ] })
}

resource "aws_iam_role" "fail_repository_of_anybody" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.web, { Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:*:ref:refs/heads/main" } } })
  ] })
}

resource "aws_iam_role" "fail_any_identity_pool" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.web, { Principal = { Federated = "cognito-identity.amazonaws.com" } })
  ] })
}

resource "aws_iam_role" "fail_same_name_in_any_account" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.trust, { Principal = { AWS = "*" }, Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/deployer" } } })
  ] })
}
