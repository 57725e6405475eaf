locals {
  role  = "arn:aws:iam::123456789012:role/a"
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "aws_cloudwatch_log_group" "own" {}

resource "aws_lambda_function" "pass_own" {
  function_name = "a"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.own.name
  }
}

# Lambda makes one by itself, without a key, and for ever.
resource "aws_lambda_function" "fail_default" {
  function_name = "b"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

# It looks at the group of another.
resource "aws_lambda_function" "fail_reader" {
  function_name = "c"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image

  environment {
    variables = { LOGS = aws_cloudwatch_log_group.own.name }
  }
}

resource "aws_cloudwatch_log_group" "named" {
  name = "/aws/lambda/d"
}

resource "aws_lambda_function" "pass_named_alike" {
  function_name = "d"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
  depends_on    = [aws_cloudwatch_log_group.named]
}

resource "aws_lambda_function" "pass_group_after" {
  function_name = "e"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_cloudwatch_log_group" "after" {
  name = "/aws/lambda/${aws_lambda_function.pass_group_after.function_name}"
}

# Neither refers to the other.
resource "aws_lambda_function" "pass_no_reference" {
  function_name = "f"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_cloudwatch_log_group" "no_reference" {
  name = "/aws/lambda/f"
}
