locals {
  statement = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:123456789012:orders" }
  resources = [for number in range(1000) : "arn:aws:sqs:eu-west-1:123456789012:orders-of-a-restaurant-with-a-name-that-is-rather-long-${number}"]
  trust     = { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }
}

resource "terraform_data" "later" {
  input = "x"
}

data "aws_iam_policy_document" "rendered" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "pass_rendered" {
  role   = "a"
  policy = data.aws_iam_policy_document.rendered.json
}

resource "aws_iam_role_policy" "pass_one_statement" {
  role   = "a"
  policy = jsonencode({ Statement = local.statement })
}

# About 100 kB, which only AWS itself can say is too long.
resource "aws_iam_role_policy" "pass_huge" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.statement, { Resource = local.resources })] })
}

resource "aws_iam_role" "pass_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [local.trust] })
}

resource "aws_iam_role_policy" "fail_statement_missing" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17" })
}

resource "aws_iam_role_policy" "fail_effect" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.statement, { Effect = "allow" })] })
}

resource "aws_iam_role_policy" "fail_action" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.statement, { Action = 7 })] })
}

resource "aws_iam_role_policy" "fail_misspelled" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.statement, { Conditions = {} })] })
}

resource "aws_iam_role_policy" "fail_statement_of_another_kind" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = ["Allow"] })
}

resource "aws_iam_role_policy" "fail_deep" {
  role   = "a"
  policy = "{\"Statement\": ${join("", [for _ in range(300) : "["])}${join("", [for _ in range(300) : "]"])}}"
}

resource "aws_iam_role_policy" "fail_colors" {
  role   = "a"
  policy = jsonencode({ Statement = merge(local.statement, { "\u001b[31m<b>" = "\u0000" }) })
}

resource "aws_iam_role_policy" "fail_no_action" {
  role   = "a"
  policy = jsonencode({ Statement = merge(local.statement, { Action = [] }) })
}

resource "aws_s3_bucket_policy" "fail_operator" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.statement, { Condition = { StringSeemsLike = { "aws:SourceArn" = "x" } } })
  ] })
}

resource "aws_cloudwatch_log_resource_policy" "fail_not_json" {
  policy_name     = "a"
  policy_document = "{}"
}

resource "aws_iam_role" "fail_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.trust, { Principal = { Services = "lambda.amazonaws.com" } })] })
}

resource "aws_sqs_queue" "absent_without_policy" {}

resource "aws_iam_role_policy" "unknown_policy" {
  role   = "a"
  policy = terraform_data.later.output
}

resource "aws_iam_role_policy" "pass_unknown_resource" {
  role   = "a"
  policy = jsonencode({ Statement = merge(local.statement, { Resource = terraform_data.later.output }) })
}
