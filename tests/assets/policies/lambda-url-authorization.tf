resource "terraform_data" "later" {
  input = "NONE"
}

resource "aws_lambda_function_url" "pass_iam" {
  function_name      = "a"
  authorization_type = "AWS_IAM"
}

resource "aws_lambda_function_url" "fail_none" {
  function_name      = "a"
  authorization_type = "NONE"
}

resource "aws_lambda_function_url" "unknown_type" {
  function_name      = "a"
  authorization_type = terraform_data.later.output
}

resource "aws_lambda_permission" "fail_none" {
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = "a"
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "pass_without_url" {
  action        = "lambda:InvokeFunction"
  function_name = "a"
  principal     = "sns.amazonaws.com"
}
