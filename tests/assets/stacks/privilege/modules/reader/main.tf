variable "name" { type = string }
variable "queue" { type = string }
variable "audit" { type = string }
variable "trust" { type = string }

resource "aws_cloudwatch_log_group" "this" {
  name = "/aws/lambda/${var.name}"
}

resource "aws_iam_role" "this" {
  name               = var.name
  assume_role_policy = var.trust
}

data "aws_iam_policy_document" "this" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:*"]
  }

  # unused-grant of the clerk: Lambda only reads the queue
  statement {
    sid       = "Read"
    actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:PurgeQueue", "sqs:ReceiveMessage"]
    resources = [var.queue]
  }

  statement {
    sid       = "Audit"
    actions   = ["sqs:SendMessage"]
    resources = [var.audit]
  }
}

resource "aws_iam_policy" "this" {
  name   = var.name
  policy = data.aws_iam_policy_document.this.json
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.this.arn
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = aws_iam_role.this.arn
  runtime       = "python3.12"
  handler       = "app.handler"
  filename      = "code.zip"

  dead_letter_config {
    target_arn = var.audit
  }
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn = var.queue
  function_name    = aws_lambda_function.this.arn
}
