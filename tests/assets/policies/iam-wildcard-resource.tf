locals {
  network = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ]

  attach = { Sid = "Attach", Effect = "Allow", Action = local.network, Resource = "*" }
  detach = {
    Sid       = "Detach"
    Effect    = "Deny"
    Action    = local.network
    Resource  = "*"
    Condition = { ArnEquals = { "lambda:SourceFunctionArn" = "arn:aws:lambda:eu-west-1:123456789012:function:matcher" } }
  }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role_policy" "pass_named" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect = "Allow"
    Action = ["dynamodb:Query", "dynamodb:GetItem"]
    Resource = [
      "arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
      "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/*",
    ]
  }] })
}

resource "aws_iam_role_policy" "pass_prefix" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::receipts/*" } })
}

# AWS has nothing finer.
resource "aws_iam_role_policy" "pass_nothing_finer" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = ["xray:PutTraceSegments", "rekognition:DetectLabels", "kinesis:ListStreams", "Logs:DescribeLogGroups"]
    Resource = "*"
  }] })
}

resource "aws_iam_role_policy" "pass_key_by_alias" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = "arn:aws:kms:eu-west-1:123456789012:key/*"
    Condition = { "ForAnyValue:StringEquals" = { "kms:ResourceAliases" = "alias/data" } }
  }] })
}

resource "aws_iam_role_policy" "pass_network_kept_from_code" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.attach, local.detach] })
}

resource "aws_iam_role_policy" "fail_everything" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = "*" }] })
}

resource "aws_iam_role_policy" "fail_one_of_several" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = ["xray:PutTraceSegments", "DynamoDB:getitem"]
    Resource = ["*"]
  }] })
}

resource "aws_iam_role_policy" "fail_every_table" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect   = "Allow"
    Action   = "dynamodb:GetItem"
    Resource = "arn:aws:dynamodb:eu-west-1:123456789012:table/*"
  }] })
}

resource "aws_iam_role_policy" "fail_every_queue" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:*:*:*" }] })
}

resource "aws_iam_role_policy" "fail_every_object" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::*" }] })
}

resource "aws_iam_role_policy" "fail_pattern_of_actions" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sns:Pub*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "fail_administrator" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })
}

# Any key, as long as Kinesis asks.
resource "aws_iam_role_policy" "fail_key_by_service" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = "arn:aws:kms:eu-west-1:123456789012:key/*"
    Condition = { StringEquals = { "kms:ViaService" = "kinesis.eu-west-1.amazonaws.com" } }
  }] })
}

resource "aws_iam_role_policy" "fail_key_by_any_alias" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = "*"
    Condition = { "ForAnyValue:StringLike" = { "kms:ResourceAliases" = "*" } }
  }] })
}

resource "aws_iam_role_policy" "fail_network" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.attach] })
}

# The denial leaves most of it out.
resource "aws_iam_role_policy" "fail_network_in_part" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.attach, merge(local.detach, { Action = "ec2:CreateNetworkInterface" })] })
}

resource "aws_iam_role_policy" "unknown_policy" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = terraform_data.later.output }] })
}

# What is known only after apply has an identifier, and is no wildcard.
data "aws_iam_policy_document" "identified" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]
  }
}

resource "aws_sqs_queue" "orders" {}

resource "aws_iam_role_policy" "pass_read_later" {
  role   = "a"
  policy = data.aws_iam_policy_document.identified.json
}

data "aws_iam_policy_document" "wide" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn, "*"]
  }
}

resource "aws_iam_role_policy" "fail_read_later" {
  role   = "a"
  policy = data.aws_iam_policy_document.wide.json
}

# Any key that encrypts such things.
resource "aws_iam_role_policy" "fail_key_by_context" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "kms:Decrypt"
    Resource  = "arn:aws:kms:eu-west-1:123456789012:key/*"
    Condition = { StringEquals = { "kms:EncryptionContext:aws:s3:arn" = "arn:aws:s3:::receipts" } }
  }] })
}
