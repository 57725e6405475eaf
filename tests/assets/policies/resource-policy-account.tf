data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  allow   = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:${local.account}:orders", Principal = { AWS = "*" } }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sqs_queue_policy" "pass_own" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = { AWS = ["arn:aws:iam::${local.account}:role/sender", local.account] } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_service" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = { Service = "sns.amazonaws.com" }, Condition = { StringEquals = { "aws:SourceAccount" = local.account } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_denial" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Effect = "Deny", Principal = { AWS = "999999999999" } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_role" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = { AWS = ["arn:aws:iam::${local.account}:role/sender", "arn:aws:iam::999999999999:role/sender"] } })
  ] })
}

resource "aws_kms_key" "fail_account" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = "arn:aws:iam::999999999999:root" } }
  ] })
}

resource "aws_sqs_queue_policy" "fail_source" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = { Service = "sns.amazonaws.com" }, Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:999999999999:orders" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_everybody_of_an_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEquals = { "aws:PrincipalAccount" = [local.account, "999999999999"] } } })
  ] })
}

resource "aws_sqs_queue_policy" "unknown_policy" {
  queue_url = "a"
  policy    = terraform_data.later.output
}

resource "aws_sqs_queue_policy" "pass_unknown_sid" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Sid = terraform_data.later.output })] })
}

resource "aws_lambda_permission" "fail_account" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "999999999999"
}

resource "aws_lambda_permission" "fail_source" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:999999999999:orders"
}

resource "aws_lambda_permission" "pass_source" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "sns.amazonaws.com"
  source_arn    = "arn:aws:sns:eu-west-1:${local.account}:orders"
}
