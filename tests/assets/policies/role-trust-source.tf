locals {
  trust  = { Effect = "Allow", Action = "sts:AssumeRole" }
  events = merge(local.trust, { Principal = { Service = "events.amazonaws.com" } })
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role" "pass_account" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { StringEquals = { "aws:SourceAccount" = "123456789012" } } })
  ] })
}

resource "aws_iam_role" "pass_rule" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { ArnLike = { "AWS:sourcearn" = ["arn:aws:events:eu-west-1:123456789012:rule/*"] } } })
  ] })
}

# Lambda sends no source: a condition would lock it out.
resource "aws_iam_role" "pass_lambda" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { Service = "lambda.amazonaws.com" } })] })
}

resource "aws_iam_role" "fail_none" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.events] })
}

resource "aws_iam_role" "fail_regional" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { Service = "states.eu-west-1.amazonaws.com" } })] })
}

resource "aws_iam_role" "fail_anything" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { ArnLike = { "aws:SourceArn" = ["arn:aws:events:*:*:*"] } } })
  ] })
}

resource "aws_iam_role" "fail_if_there_is_one" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { StringEqualsIfExists = { "aws:SourceAccount" = "123456789012" } } })
  ] })
}

resource "aws_iam_role" "fail_all_but_one" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { StringNotEquals = { "aws:SourceAccount" = "123456789012" } } })
  ] })
}

resource "aws_iam_role" "unknown_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.events, { Condition = { StringEquals = { "aws:SourceAccount" = terraform_data.later.output } } })
  ] })
}
