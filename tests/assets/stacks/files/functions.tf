data "archive_file" "resize" {
  type        = "zip"
  source_dir  = "${path.module}/src"
  output_path = "${path.module}/build/resize.zip"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "resize" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.images["originals"].arn}/*"]
  }

  statement {
    actions   = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.images["thumbnails"].arn}/*"]
  }

  statement {
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [aws_sqs_queue.uploads.arn]
  }
}

resource "aws_iam_role" "resize" {
  name               = "${local.name}-resize"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "resize" {
  name   = "resize"
  role   = aws_iam_role.resize.id
  policy = data.aws_iam_policy_document.resize.json
}

resource "aws_cloudwatch_log_group" "resize" {
  name              = "/aws/lambda/${local.name}-resize"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "resize" {
  function_name    = "${local.name}-resize"
  role             = aws_iam_role.resize.arn
  handler          = "resize.handle"
  runtime          = "python3.12"
  filename         = data.archive_file.resize.output_path
  source_code_hash = data.archive_file.resize.output_base64sha256
  memory_size      = var.image_memory
  timeout          = 60

  environment {
    variables = {
      THUMBNAILS = aws_s3_bucket.images["thumbnails"].bucket
      LOG_LEVEL  = var.environment == "prod" ? "INFO" : "DEBUG"
    }
  }

  depends_on = [aws_cloudwatch_log_group.resize]
}

resource "aws_lambda_event_source_mapping" "uploads" {
  event_source_arn = aws_sqs_queue.uploads.arn
  function_name    = aws_lambda_function.resize.arn
  batch_size       = 5
}
