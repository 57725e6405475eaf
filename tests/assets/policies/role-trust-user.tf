locals {
  lambda = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }] })
  states = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:*", Principal = { Service = "states.eu-west-1.amazonaws.com" } }] })
  image  = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role" "pass_function" {
  assume_role_policy = local.lambda
}

resource "aws_lambda_function" "function" {
  function_name = "function"
  role          = aws_iam_role.pass_function.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "pass_regional" {
  assume_role_policy = local.states
}

resource "aws_sfn_state_machine" "regional" {
  definition = "{}"
  role_arn   = aws_iam_role.pass_regional.arn
}

resource "aws_iam_role" "fail_another" {
  assume_role_policy = local.states
}

resource "aws_lambda_function" "another" {
  function_name = "another"
  role          = aws_iam_role.fail_another.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "fail_one_of_two" {
  assume_role_policy = local.lambda
}

resource "aws_lambda_function" "one" {
  function_name = "one"
  role          = aws_iam_role.fail_one_of_two.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_sfn_state_machine" "two" {
  definition = "{}"
  role_arn   = aws_iam_role.fail_one_of_two.arn
}

resource "aws_iam_role" "unknown_service" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = terraform_data.later.output } }
  ] })
}

resource "aws_lambda_function" "unknown" {
  function_name = "unknown"
  role          = aws_iam_role.unknown_service.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "absent_of_nobody_here" {
  assume_role_policy = local.states
}
