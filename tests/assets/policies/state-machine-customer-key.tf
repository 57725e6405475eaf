resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sfn_state_machine" "pass_key" {
  definition = "{}"
  role_arn   = "arn:aws:iam::123456789012:role/a"

  encryption_configuration {
    type       = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id = aws_kms_key.key.arn
  }
}

resource "aws_sfn_state_machine" "fail_none" {
  definition = "{}"
  role_arn   = "arn:aws:iam::123456789012:role/a"
}

resource "aws_sfn_state_machine" "fail_aws_owned" {
  definition = "{}"
  role_arn   = "arn:aws:iam::123456789012:role/a"

  encryption_configuration {
    type = "AWS_OWNED_KEY"
  }
}

resource "aws_sfn_state_machine" "unknown_key" {
  definition = "{}"
  role_arn   = "arn:aws:iam::123456789012:role/a"

  encryption_configuration {
    type       = "CUSTOMER_MANAGED_KMS_KEY"
    kms_key_id = terraform_data.later.output
  }
}

resource "aws_sfn_activity" "fail_activity" {
  name = "settle"
}
