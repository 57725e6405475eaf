terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "stage" {
  type = string
}

variable "retention_seconds" {
  type = number
}

variable "readers" {
  type    = list(string)
  default = []
}

locals {
  name = "billing-${var.stage}-inbox"
}

resource "aws_sqs_queue" "dead" {
  name                      = "${local.name}-dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "this" {
  name                      = local.name
  message_retention_seconds = var.retention_seconds
  sqs_managed_sse_enabled   = true
  redrive_policy            = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
}

data "aws_iam_policy_document" "read" {
  statement {
    sid       = "Read"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage"]
    resources = [aws_sqs_queue.this.arn]
  }
}

resource "aws_iam_policy" "read" {
  name   = "${local.name}-read"
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_iam_role_policy_attachment" "read" {
  for_each = toset(var.readers)

  role       = each.value
  policy_arn = aws_iam_policy.read.arn
}

output "url" {
  value = aws_sqs_queue.this.url
}
