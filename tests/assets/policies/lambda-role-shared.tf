locals {
  trust = jsonencode({ Version = "2012-10-17", Statement = [] })
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "aws_iam_role" "pass_own" {
  assume_role_policy = local.trust
}

resource "aws_lambda_function" "own" {
  function_name = "own"
  role          = aws_iam_role.pass_own.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "pass_each" {
  for_each = toset(["one", "two"])

  assume_role_policy = local.trust
}

resource "aws_lambda_function" "each" {
  for_each = aws_iam_role.pass_each

  function_name = each.key
  role          = aws_iam_role.pass_each[each.key].arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "fail_two_functions" {
  assume_role_policy = local.trust
}

resource "aws_lambda_function" "first" {
  function_name = "first"
  role          = aws_iam_role.fail_two_functions.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function" "second" {
  function_name = "second"
  role          = aws_iam_role.fail_two_functions.arn
  package_type  = "Image"
  image_uri     = local.image
}

# One block, several functions.
resource "aws_iam_role" "fail_instances" {
  assume_role_policy = local.trust
}

resource "aws_lambda_function" "instances" {
  count = 2

  function_name = "instance-${count.index}"
  role          = aws_iam_role.fail_instances.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_iam_role" "fail_other_user" {
  assume_role_policy = local.trust
}

resource "aws_lambda_function" "other" {
  function_name = "other"
  role          = aws_iam_role.fail_other_user.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_sfn_state_machine" "other" {
  definition = "{}"
  role_arn   = aws_iam_role.fail_other_user.arn
}

resource "aws_iam_role" "absent_without_function" {
  assume_role_policy = local.trust
}

# It tells the function of the role, which does not make it the function's.
resource "aws_iam_role" "pass_mentioned" {
  assume_role_policy = local.trust
}

resource "aws_lambda_function" "mentioned" {
  function_name = "mentioned"
  role          = aws_iam_role.pass_mentioned.arn
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function" "mentions" {
  function_name = "mentions"
  role          = "arn:aws:iam::123456789012:role/elsewhere"
  package_type  = "Image"
  image_uri     = local.image

  environment {
    variables = { ROLE = aws_iam_role.pass_mentioned.arn }
  }
}
