# A stack with a defect of each kind; the comments say which findings it must give.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "stage" { type = string }

provider "aws" {
  region = "eu-central-1"
}

resource "aws_dynamodb_table" "orders" {
  name         = "shop-${var.stage}-orders"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.data.arn
  }
}

resource "aws_kms_key" "data" {}

resource "aws_s3_bucket" "reports" {
  bucket = "shop-${var.stage}-reports"
}

resource "aws_sqs_queue" "mail" {
  name = "shop-${var.stage}-mail"
}

resource "aws_sqs_queue" "audit" {
  name = "shop-${var.stage}-audit"
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

# --- orders: a policy of references, in JSON

resource "aws_cloudwatch_log_group" "orders" {
  name = "/aws/lambda/shop-${var.stage}-orders"
}

resource "aws_iam_role" "orders" {
  name               = "shop-${var.stage}-orders"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy" "orders" {
  role = aws_iam_role.orders.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.orders.arn}:*"
      },
      { # unused-grant: nothing is deleted, and no index is read
        Sid      = "Table"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
        Resource = [aws_dynamodb_table.orders.arn, "${aws_dynamodb_table.orders.arn}/index/*"]
      },
      { # wide-resource: every queue of the account; missing-grant: kms:Decrypt for the table
        Effect   = "Allow"
        Action   = "sqs:SendMessage"
        Resource = "arn:aws:sqs:eu-central-1:123456789012:*"
      },
      ], var.stage == "live" ? [
      { # excess-grant, and unused-grant in one environment alone
        Sid      = "Scan"
        Effect   = "Allow"
        Action   = "dynamodb:Scan"
        Resource = "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-${var.stage}-orders"
      },
    ] : [])
  })
}

resource "aws_lambda_function" "orders" {
  function_name = "shop-${var.stage}-orders"
  role          = aws_iam_role.orders.arn
  runtime       = "python3.12"
  handler       = "app.main"
  filename      = "code.zip"

  environment {
    variables = {
      TABLE = aws_dynamodb_table.orders.name
      MAIL  = aws_sqs_queue.mail.url
    }
  }
}

# --- reports and mailer: one role for both, policies of AWS, a policy inside the role

resource "aws_iam_role" "shared" {
  name               = "shop-${var.stage}-shared"
  assume_role_policy = data.aws_iam_policy_document.lambda.json

  inline_policy {
    name = "files"
    policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { # unused-grant: all the rest of S3; wide-resource: every bucket
          Effect   = "Allow"
          Action   = "s3:*"
          Resource = "*"
        },
        { # undecided-grant in mailer: whether the tag is there depends on who calls
          Sid       = "Mail"
          Effect    = "Allow"
          Action    = "sqs:SendMessage"
          Resource  = "${aws_sqs_queue.mail.arn}"
          Condition = { StringEquals = { "aws:PrincipalTag/team" = "mail" } }
        },
      ]
    })
  }
}

# Warnings: nobody can make these narrower, but by policies of their own.
resource "aws_iam_role_policy_attachment" "basic" {
  role       = aws_iam_role.shared.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

# undecided-grant: what it says is not known here
resource "aws_iam_role_policy_attachment" "other" {
  role       = aws_iam_role.shared.name
  policy_arn = "arn:aws:iam::123456789012:policy/written-elsewhere"
}

resource "aws_cloudwatch_log_group" "shared" {
  for_each = toset(["reports", "mailer"])
  name     = "/aws/lambda/shop-${var.stage}-${each.key}"
}

resource "aws_lambda_function" "reports" {
  function_name = "shop-${var.stage}-reports"
  role          = aws_iam_role.shared.arn
  runtime       = "python3.12"
  handler       = "reports.handler"
  filename      = "code.zip"

  environment {
    variables = { BUCKET = aws_s3_bucket.reports.id }
  }
}

resource "aws_lambda_function" "mailer" {
  function_name = "shop-${var.stage}-mailer"
  role          = aws_iam_role.shared.arn
  runtime       = "python3.12"
  handler       = "mailer.handler"
  filename      = "code.zip"

  environment {
    variables = { QUEUE = aws_sqs_queue.mail.url }
  }
}

# --- clerk and worker: a module with a policy document

module "clerk" {
  source = "./modules/reader"
  name   = "shop-${var.stage}-clerk"
  queue  = aws_sqs_queue.mail.arn
  audit  = aws_sqs_queue.audit.arn
  trust  = data.aws_iam_policy_document.lambda.json
}

# undecided-grant: its code cannot be followed, and may need all that it is granted
module "worker" {
  source = "./modules/reader"
  name   = "shop-${var.stage}-worker"
  queue  = aws_sqs_queue.audit.arn
  audit  = aws_sqs_queue.audit.arn
  trust  = data.aws_iam_policy_document.lambda.json
}

# --- guest: a role that is somebody else's; and no Python

resource "aws_lambda_function" "guest" {
  function_name = "shop-${var.stage}-guest"
  role          = "arn:aws:iam::123456789012:role/somebody-elses"
  runtime       = "nodejs22.x"
  handler       = "index.handler"
  filename      = "code.zip"
}
