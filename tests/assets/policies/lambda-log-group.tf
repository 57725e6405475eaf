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
