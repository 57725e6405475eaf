resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role_policy" "pass_denial" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", NotAction = "sqs:SendMessage", NotResource = "arn:aws:sqs:::a" }] })
}

resource "aws_iam_role_policy" "fail_action" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", NotAction = ["iam:*"], Resource = "arn:aws:s3:::a" } })
}

resource "aws_iam_user_policy" "fail_resource" {
  user   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", NotResource = "arn:aws:s3:::a" }] })
}

resource "aws_sqs_queue_policy" "fail_principal" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect       = "Allow"
    NotPrincipal = { AWS = "123456789012" }
    Action       = "sqs:SendMessage"
    Resource     = "*"
  }] })
}

resource "aws_iam_role" "fail_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    NotAction = "sts:TagSession"
    Principal = { Service = "lambda.amazonaws.com" }
  }] })
}

resource "aws_iam_role" "pass_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { Service = "lambda.amazonaws.com" }
  }] })
}

resource "aws_iam_role_policy" "unknown_policy" {
  role   = "a"
  policy = terraform_data.later.output
}

resource "aws_iam_role_policy" "fail_all_but_unknown" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", NotAction = terraform_data.later.output, Resource = "*" } })
}
