resource "aws_sns_topic" "orders" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_lambda_permission" "pass_topic" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}

resource "aws_lambda_permission" "pass_bucket" {
  action         = "lambda:InvokeFunction"
  function_name  = "a"
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::photos"
  source_account = "123456789012"
}

resource "aws_lambda_permission" "fail_none" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "sns.amazonaws.com"
}

resource "aws_lambda_permission" "fail_any_bucket" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::*"
}

# The bucket can be somebody else's one day.
resource "aws_lambda_permission" "fail_bucket_of_anybody" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::photos"
}

resource "aws_lambda_permission" "fail_account_alone" {
  action         = "lambda:InvokeFunction"
  function_name  = "a"
  principal      = "events.amazonaws.com"
  source_account = "123456789012"
}

resource "aws_lambda_permission" "fail_everybody" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "*"
}

resource "aws_lambda_permission" "pass_organization" {
  action           = "lambda:InvokeFunction"
  function_name    = "a"
  principal        = "*"
  principal_org_id = "o-1234567890"
}

resource "aws_lambda_permission" "absent_role" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "arn:aws:iam::123456789012:role/caller"
}

resource "aws_lambda_permission" "unknown_principal" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = terraform_data.later.output
}

# Not for one source, but for all of its kind that the account has or will have.
resource "aws_lambda_permission" "fail_any_rule" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:123456789012:rule/*"
}

resource "aws_lambda_permission" "fail_any_api" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-west-1:123456789012:*/*/POST/orders"
}

resource "aws_lambda_permission" "pass_one_api" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "apigateway.amazonaws.com"
  source_arn    = "arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/*/POST/orders"
}

resource "aws_lambda_permission" "pass_rules_that_begin_alike" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:123456789012:rule/orders-*"
}
