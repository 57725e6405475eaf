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

# What Terraform reads only at apply is known in part.
data "aws_iam_policy_document" "names" {
  source_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Sid = "Other", Action = "s3:GetObject" })] })]

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [terraform_data.later.output]
  }
}

resource "aws_iam_role_policy" "pass_read_later" {
  role   = "a"
  policy = data.aws_iam_policy_document.names.json
}

data "aws_iam_policy_document" "service" {
  statement {
    actions   = ["sqs:*"]
    resources = [terraform_data.later.output]
  }
}

resource "aws_iam_role_policy" "fail_read_later" {
  role   = "a"
  policy = data.aws_iam_policy_document.service.json
}

data "aws_iam_policy_document" "other" {
  source_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Sid = "Other", Action = "*" })] })]

  statement {
    actions   = ["sqs:SendMessage"]
    resources = [terraform_data.later.output]
  }
}

resource "aws_iam_role_policy" "fail_other_document" {
  role   = "a"
  policy = data.aws_iam_policy_document.other.json
}

# Its own statement takes the place of the other one.
data "aws_iam_policy_document" "replaced" {
  source_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Sid = "Send", Action = "*" })] })]

  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage"]
    resources = [terraform_data.later.output]
  }
}

resource "aws_iam_role_policy" "pass_replaced" {
  role   = "a"
  policy = data.aws_iam_policy_document.replaced.json
}

data "aws_iam_policy_document" "overridden" {
  override_policy_documents = [jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Sid = "Send", Action = "*" })] })]

  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage"]
    resources = [terraform_data.later.output]
  }
}

resource "aws_iam_role_policy" "fail_overridden" {
  role   = "a"
  policy = data.aws_iam_policy_document.overridden.json
}

data "aws_iam_policy_document" "actions" {
  statement {
    actions   = ["sqs:SendMessage", terraform_data.later.output]
    resources = ["arn:aws:sqs:eu-west-1:123456789012:orders"]
  }
}

resource "aws_iam_role_policy" "unknown_actions" {
  role   = "a"
  policy = data.aws_iam_policy_document.actions.json
}

resource "aws_iam_role_policy" "unknown_which" {
  role   = "a"
  policy = terraform_data.later.output == "x" ? data.aws_iam_policy_document.names.json : data.aws_iam_policy_document.actions.json
}
