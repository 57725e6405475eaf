resource "terraform_data" "later" {
  input = "x"
}

locals {
  allow = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:123456789012:orders", Principal = { Service = "sns.amazonaws.com" } }
  key   = { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { Service = "logs.eu-west-1.amazonaws.com" } }
}

resource "aws_sns_topic" "orders" {}

resource "aws_sqs_queue_policy" "pass_topic" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:orders" } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEquals = { "aws:SourceAccount" = ["123456789012"] } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_role" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Principal = { AWS = "arn:aws:iam::123456789012:role/sender" } })] })
}

resource "aws_kms_key" "pass_context" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.key, { Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:123456789012:log-group:*" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_none" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = local.allow })
}

resource "aws_sqs_queue_policy" "fail_anything" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringLike = { "aws:SourceAccount" = "*" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_other_condition" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { Bool = { "aws:SecureTransport" = "true" } } })
  ] })
}

resource "aws_kms_key" "fail_none" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.key] })
}

resource "aws_sqs_queue_policy" "unknown_policy" {
  queue_url = "a"
  policy = terraform_data.later.output
}

resource "aws_sqs_queue_policy" "pass_arn_of_a_topic" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } } })
  ] })
}

# Anybody may have a topic of that name.
resource "aws_sqs_queue_policy" "fail_topic_of_any_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:orders" } } })
  ] })
}

resource "aws_ecr_registry_policy" "fail_registry" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "ecr:ReplicateImage", Resource = "*" })] })
}
