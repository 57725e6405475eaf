locals {
  names = toset(["one", "two"])

  denial = {
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = "arn:aws:sqs:eu-west-1:123456789012:orders"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sqs_queue" "orders" {
  name = "orders"
}

resource "aws_sqs_queue" "each" {
  for_each = local.names

  name = each.key
}

data "aws_iam_policy_document" "each" {
  for_each = local.names

  statement {
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = ["arn:aws:sqs:eu-west-1:123456789012:${each.key}"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "pass_denial" {
  queue_url = aws_sqs_queue.orders.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sqs_queue_policy" "pass_each" {
  for_each = local.names

  queue_url = aws_sqs_queue.each[each.key].id
  policy    = data.aws_iam_policy_document.each[each.key].json
}

resource "aws_sqs_queue_policy" "pass_url" {
  queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sqs_queue" "pass_inline" {
  name   = "orders"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_sqs_queue" "absent_without_policy" {
  name = "none"
}

# The policy of each other.
resource "aws_sqs_queue_policy" "fail_other_queue" {
  for_each = local.names

  queue_url = aws_sqs_queue.each[each.key].id
  policy    = data.aws_iam_policy_document.each[each.key == "one" ? "two" : "one"].json
}

resource "aws_sqs_queue_policy" "fail_receiving" {
  queue_url = aws_sqs_queue.orders.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Action = "sqs:SendMessage" })] })
}

resource "aws_sqs_queue_policy" "fail_no_denial" {
  queue_url = aws_sqs_queue.orders.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { AWS = "123456789012" }
    Action    = "sqs:SendMessage"
    Resource  = "arn:aws:sqs:eu-west-1:123456789012:orders"
  }] })
}

resource "aws_sqs_queue_policy" "unknown_policy" {
  queue_url = aws_sqs_queue.orders.id
  policy    = terraform_data.later.output
}

resource "aws_sqs_queue_policy" "pass_own_arn" {
  queue_url = aws_sqs_queue.orders.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Resource = aws_sqs_queue.orders.arn })] })
}

data "aws_iam_policy_document" "later" {
  statement {
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [aws_sqs_queue.orders.arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_sqs_queue_policy" "pass_document_of_own_arn" {
  queue_url = aws_sqs_queue.orders.id
  policy    = data.aws_iam_policy_document.later.json
}

data "aws_iam_policy_document" "somewhere" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]

    principals {
      type        = "AWS"
      identifiers = ["123456789012"]
    }
  }
}

resource "aws_sqs_queue_policy" "fail_no_denial_read_later" {
  queue_url = aws_sqs_queue.orders.id
  policy    = data.aws_iam_policy_document.somewhere.json
}

resource "aws_sqs_queue" "own" {
  name = "own"
}

resource "aws_sqs_queue" "other" {
  name = "other"
}

resource "aws_sqs_queue_policy" "pass_by_reference" {
  queue_url = aws_sqs_queue.own.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = aws_sqs_queue.own.arn
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

resource "aws_sqs_queue_policy" "fail_by_reference" {
  queue_url = aws_sqs_queue.own.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Resource  = aws_sqs_queue.other.arn
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}
