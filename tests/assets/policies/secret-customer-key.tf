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

# The copy in another region has a key of that region.
resource "aws_secretsmanager_secret" "fail_replica" {
  kms_key_id = aws_kms_key.key.arn

  replica {
    region = "eu-central-1"
  }
}

resource "aws_secretsmanager_secret" "pass_replica" {
  kms_key_id = aws_kms_key.key.arn

  replica {
    region     = "eu-central-1"
    kms_key_id = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }
}

resource "aws_ssm_parameter" "fail_parameter" {
  name  = "token"
  type  = "SecureString"
  value = "x"
}

resource "aws_ssm_parameter" "pass_parameter" {
  name   = "token"
  type   = "SecureString"
  value  = "x"
  key_id = aws_kms_key.key.arn
}

resource "aws_ssm_parameter" "absent_no_secret" {
  name  = "level"
  type  = "String"
  value = "INFO"
}
