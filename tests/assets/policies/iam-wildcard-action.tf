locals {
  allow = { Effect = "Allow", Resource = "arn:aws:s3:::receipts/*" }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role_policy" "pass_names" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = ["s3:GetObject", "s3:PutObject"] })] })
}

resource "aws_iam_role_policy" "pass_denial" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "*", Resource = "*" }] })
}

resource "aws_iam_role_policy" "fail_everything" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "*" })] })
}

resource "aws_iam_role_policy" "fail_service" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = ["s3:GetObject", "S3:*"] })] })
}

resource "aws_iam_role_policy" "fail_prefix" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = merge(local.allow, { Action = "s3:Get*" }) })
}

resource "aws_iam_role_policy" "fail_character" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = merge(local.allow, { Action = "s3:?etObject" }) })
}

resource "aws_iam_policy" "fail_managed" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:*Object" })] })
}

resource "aws_iam_role" "fail_inline" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })

  inline_policy {
    name   = "fine"
    policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:GetObject" })] })
  }

  inline_policy {
    name   = "wide"
    policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:*" })] })
  }
}

# For another policy to refuse.
resource "aws_iam_role_policy" "absent_malformed" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "*", Effect = "Permit" })] })
}

resource "aws_iam_role_policy" "unknown_policy" {
  role   = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = merge(local.allow, { Action = terraform_data.later.output }) })
}
