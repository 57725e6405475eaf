resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_secretsmanager_secret" "pass_key" {
  kms_key_id = aws_kms_key.key.arn
}

resource "aws_secretsmanager_secret" "fail_none" {}

resource "aws_secretsmanager_secret" "fail_aws_managed" {
  kms_key_id = "aws/secretsmanager"
}

resource "aws_secretsmanager_secret" "unknown_key" {
  kms_key_id = terraform_data.later.output
}
