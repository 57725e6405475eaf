resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_lambda_function" "pass_key" {
  function_name = "a"
  role          = "arn:aws:iam::123456789012:role/a"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
  kms_key_arn   = aws_kms_key.key.arn

  environment {
    variables = { TABLE = "orders" }
  }
}

resource "aws_lambda_function" "fail_none" {
  function_name = "b"
  role          = "arn:aws:iam::123456789012:role/a"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"

  environment {
    variables = { TABLE = "orders", LATER = terraform_data.later.output }
  }
}

resource "aws_lambda_function" "fail_empty" {
  function_name = "c"
  role          = "arn:aws:iam::123456789012:role/a"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
  kms_key_arn   = ""

  environment {
    variables = { TABLE = "orders" }
  }
}

resource "aws_lambda_function" "absent_without_environment" {
  function_name = "d"
  role          = "arn:aws:iam::123456789012:role/a"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "aws_lambda_function" "unknown_key" {
  function_name = "e"
  role          = "arn:aws:iam::123456789012:role/a"
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
  kms_key_arn   = terraform_data.later.output

  environment {
    variables = { TABLE = "orders" }
  }
}
