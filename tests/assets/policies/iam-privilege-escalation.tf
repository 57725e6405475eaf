locals {
  trust = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { Service = "lambda.amazonaws.com" }
  }] })

  function = "arn:aws:lambda:eu-west-1:123456789012:function:matcher"
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role_policy" "pass_ordinary" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:InvokeFunction", Resource = local.function }] })
}

resource "aws_iam_role_policy" "pass_half" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" },
  ] })
}

# To one service, one role.
resource "aws_iam_role_policy" "pass_named_role" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" },
    { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::123456789012:role/matcher" },
  ] })
}

resource "aws_iam_role_policy" "pass_named_function" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = local.function }] })
}

resource "aws_iam_role_policy" "pass_denied" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "*" },
    { Effect = "Deny", Action = "iam:*", Resource = "*" },
  ] })
}

resource "aws_iam_role_policy" "fail_rights" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "IAM:attachrolepolicy", Resource = "*" }] })
}

resource "aws_iam_role_policy" "fail_pattern" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:Create*", Resource = "arn:aws:iam::123456789012:user/a" }] })
}

resource "aws_iam_role_policy" "fail_any_role" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["lambda:CreateFunction", "lambda:InvokeFunction"], Resource = "*" },
    { Effect = "Allow", Action = "iam:PassRole", Resource = "arn:aws:iam::123456789012:role/*" },
  ] })
}

resource "aws_iam_role_policy" "fail_any_function" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "arn:aws:lambda:*:*:function:*" }] })
}

resource "aws_iam_role_policy" "fail_assuming" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Resource = "*" }] })
}

# Only somebody's own function is denied; a condition leaves the rest.
resource "aws_iam_role_policy" "fail_denied_sometimes" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "*" },
    { Effect = "Deny", Action = "iam:*", Resource = "*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "false" } } },
  ] })
}

resource "aws_iam_policy" "fail_managed" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", NotAction = "s3:*", Resource = "*" }] })
}

# Each is harmless, both together are not.
resource "aws_iam_role" "split" {
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "fail_split_passing" {
  role   = aws_iam_role.split.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_iam_role_policy" "fail_split_running" {
  role   = aws_iam_role.split.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}

resource "aws_iam_role_policy" "pass_split_bystander" {
  role   = aws_iam_role.split.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sqs:SendMessage", Resource = "*" }] })
}

resource "aws_iam_role_policy" "unknown_policy" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = terraform_data.later.output, Resource = "*" }] })
}

# Two managed policies of one role.
resource "aws_iam_role" "attached" {
  assume_role_policy = local.trust
}

resource "aws_iam_policy" "fail_attached_passing" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_iam_policy" "fail_attached_running" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "passing" {
  role       = aws_iam_role.attached.name
  policy_arn = aws_iam_policy.fail_attached_passing.arn
}

resource "aws_iam_role_policy_attachment" "running" {
  role       = aws_iam_role.attached.name
  policy_arn = aws_iam_policy.fail_attached_running.arn
}

resource "aws_iam_policy" "pass_attached_to_nobody" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}

resource "aws_iam_role" "fail_blocks" {
  assume_role_policy = local.trust

  inline_policy {
    name   = "passing"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
  }

  inline_policy {
    name   = "running"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
  }
}

resource "aws_iam_user" "operator" {
  name = "operator"
}

resource "aws_iam_user_policy" "fail_user_passing" {
  user   = aws_iam_user.operator.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_iam_user_policy" "fail_user_running" {
  user   = aws_iam_user.operator.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" }] })
}

# A schedule calls anything with its role.
resource "aws_iam_role_policy" "fail_schedule" {
  role = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = ["scheduler:CreateSchedule", "iam:PassRole"], Resource = "*" },
  ] })
}

resource "aws_iam_role_policy" "fail_any_layer" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionConfiguration", Resource = "*" }] })
}
