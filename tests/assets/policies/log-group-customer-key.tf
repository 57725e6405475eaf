resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_cloudwatch_log_group" "pass_key" {
  kms_key_id = aws_kms_key.key.arn
}

resource "aws_cloudwatch_log_group" "fail_none" {}

resource "aws_cloudwatch_log_group" "unknown_key" {
  kms_key_id = terraform_data.later.output
}
