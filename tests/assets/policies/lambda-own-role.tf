locals {
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "aws_iam_role" "own" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

data "aws_iam_role" "foreign" {
  name = "foreign"
}

resource "aws_lambda_function" "pass_own" {
  function_name = "a"
  role          = aws_iam_role.own.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function" "fail_literal" {
  function_name = "b"
  role          = "arn:aws:iam::123456789012:role/foreign"
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function" "fail_foreign" {
  function_name = "c"
  role          = data.aws_iam_role.foreign.arn
  package_type  = "Image"
  image_uri     = local.image
}

# It hands another role on.
resource "aws_lambda_function" "fail_other_attribute" {
  function_name = "d"
  role          = "arn:aws:iam::123456789012:role/foreign"
  package_type  = "Image"
  image_uri     = local.image

  environment {
    variables = { SCHEDULER_ROLE = aws_iam_role.own.arn }
  }
}
