resource "terraform_data" "later" {
  input = 0
}

resource "aws_cloudwatch_log_group" "pass_month" {
  retention_in_days = 30
}

resource "aws_cloudwatch_log_group" "fail_default" {}

resource "aws_cloudwatch_log_group" "fail_for_ever" {
  retention_in_days = 0
}

resource "aws_cloudwatch_log_group" "unknown_days" {
  retention_in_days = terraform_data.later.output
}
