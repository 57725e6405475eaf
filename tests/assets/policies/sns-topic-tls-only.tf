locals {
  denial = {
    Effect    = "Deny"
    Principal = { AWS = "*" }
    Action    = "sns:Publish"
    Resource  = "arn:aws:sns:eu-west-1:123456789012:orders"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_sns_topic_policy" "pass_denial" {
  arn    = aws_sns_topic.orders.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sns_topic" "pass_inline" {
  name   = "orders"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sns_topic_policy" "fail_other_topic" {
  arn    = "arn:aws:sns:eu-west-1:123456789012:alarms"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sns_topic_policy" "fail_subscribing_alone" {
  arn    = aws_sns_topic.orders.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Action = "sns:Subscribe" })] })
}

resource "aws_sns_topic_policy" "unknown_policy" {
  arn    = aws_sns_topic.orders.arn
  policy = terraform_data.later.output
}

resource "aws_sns_topic_policy" "pass_unknown_sid" {
  arn    = aws_sns_topic.orders.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Sid = terraform_data.later.output })] })
}
