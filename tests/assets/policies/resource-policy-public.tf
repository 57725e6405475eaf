locals {
  allow = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:123456789012:orders", Principal = { AWS = "*" } }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sqs_queue_policy" "pass_somebody" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Principal = { AWS = "arn:aws:iam::123456789012:role/sender" } })] })
}

resource "aws_sqs_queue_policy" "pass_service" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Principal = { Service = "sns.amazonaws.com" } })] })
}

resource "aws_sqs_queue_policy" "pass_denial" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Effect = "Deny" })] })
}

resource "aws_sqs_queue_policy" "pass_organization" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_source" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = "*", Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:123456789012:*" } } })
  ] })
}

resource "aws_s3_bucket_policy" "pass_network" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = "*"
    Action    = "s3:GetObject"
    Resource  = "arn:aws:s3:::a/*"
    Condition = { IpAddress = { "aws:SourceIp" = ["198.51.100.0/24"] } }
  }] })
}

resource "aws_sqs_queue_policy" "fail_everybody" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [local.allow] })
}

resource "aws_sqs_queue_policy" "fail_star" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = merge(local.allow, { Principal = "*" }) })
}

resource "aws_sqs_queue_policy" "fail_among_others" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Principal = { AWS = ["123456789012", "*"] } })] })
}

resource "aws_sqs_queue_policy" "fail_with_tls" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { Bool = { "aws:SecureTransport" = "true" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_any_source" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = ["arn:aws:sns:*:*:*", "arn:aws:sns:*:123456789012:*"] } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_if_there_is_one" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_all_but_one" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringNotEquals = { "aws:PrincipalAccount" = "123456789012" } } })
  ] })
}

resource "aws_s3_bucket_policy" "fail_half_the_world" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = "*"
    Action    = "s3:GetObject"
    Resource  = "arn:aws:s3:::a/*"
    Condition = { IpAddress = { "aws:SourceIp" = "0.0.0.0/1" } }
  }] })
}

resource "aws_kms_key" "fail_everybody" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "kms:Decrypt", Resource = "*" }] })
}

resource "aws_kms_key" "pass_account" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = "*"
    Action    = "kms:Decrypt"
    Resource  = "*"
    Condition = { StringEquals = { "kms:CallerAccount" = "123456789012", "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
  }] })
}

resource "aws_sqs_queue_policy" "absent_malformed" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Effect = "Permit" })] })
}

resource "aws_sqs_queue_policy" "unknown_policy" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = terraform_data.later.output } } })
  ] })
}

# What is known of it before apply.
data "aws_iam_policy_document" "public" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [terraform_data.later.output]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_sqs_queue_policy" "fail_read_later" {
  queue_url = "a"
  policy    = data.aws_iam_policy_document.public.json
}

data "aws_iam_policy_document" "source" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-west-1:123456789012:orders"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [terraform_data.later.output]
    }
  }
}

resource "aws_sqs_queue_policy" "unknown_source" {
  queue_url = "a"
  policy    = data.aws_iam_policy_document.source.json
}

data "aws_iam_policy_document" "somebody" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["arn:aws:sqs:eu-west-1:123456789012:orders"]

    principals {
      type        = "AWS"
      identifiers = [terraform_data.later.output]
    }
  }
}

resource "aws_sqs_queue_policy" "unknown_principal" {
  queue_url = "a"
  policy    = data.aws_iam_policy_document.somebody.json
}

# Whoever has an account can have such a role in it, or such a topic.
resource "aws_sqs_queue_policy" "fail_role_of_any_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:PrincipalArn" = "arn:aws:iam::*:role/admin" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_topic_of_any_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:*:orders" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_any_organization" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringLike = { "aws:PrincipalOrgID" = "o-*" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_any_network" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringLike = { "aws:SourceVpce" = "vpce-*" } } })
  ] })
}

# The name of a bucket is its own everywhere.
resource "aws_sqs_queue_policy" "pass_bucket" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:s3:::receipts" } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_unit" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { "ForAnyValue:StringLike" = { "aws:PrincipalOrgPaths" = "o-a1b2c3d4e5/r-ab12/*" } } })
  ] })
}

resource "aws_s3_access_point" "fail_access_point" {
  bucket = "a"
  name   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:GetObject", Resource = "*" })] })
}

resource "aws_s3control_access_point_policy" "fail_access_point_policy" {
  access_point_arn = "arn:aws:s3:eu-west-1:123456789012:accesspoint/a"
  policy           = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:GetObject", Resource = "*" })] })
}

resource "aws_cloudwatch_log_destination_policy" "fail_log_destination" {
  destination_name = "a"
  access_policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "logs:PutSubscriptionFilter", Resource = "*" })] })
}

resource "aws_lambda_layer_version_permission" "fail_layer" {
  layer_name     = "arn:aws:lambda:eu-west-1:123456789012:layer:a"
  version_number = 1
  statement_id   = "a"
  action         = "lambda:GetLayerVersion"
  principal      = "*"
}

resource "aws_lambda_layer_version_permission" "pass_layer" {
  layer_name      = "arn:aws:lambda:eu-west-1:123456789012:layer:a"
  version_number  = 1
  statement_id    = "a"
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "o-1234567890"
}
