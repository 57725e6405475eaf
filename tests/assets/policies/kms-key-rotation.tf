resource "terraform_data" "later" {
  input = true
}

resource "aws_kms_key" "pass_rotated" {
  enable_key_rotation = true
}

resource "aws_kms_key" "fail_default" {}

resource "aws_kms_key" "fail_off" {
  enable_key_rotation = false
}

# KMS rotates symmetric keys alone.
resource "aws_kms_key" "absent_asymmetric" {
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "ECC_NIST_P256"
}

resource "aws_kms_key" "unknown_rotation" {
  enable_key_rotation = terraform_data.later.output
}

resource "aws_kms_key" "fail_rarely" {
  enable_key_rotation     = true
  rotation_period_in_days = 2560
}

resource "aws_kms_key" "pass_often" {
  enable_key_rotation     = true
  rotation_period_in_days = 90
}

# Of a key in a store of the customer's own, KMS does not have the material.
resource "aws_kms_key" "absent_own_store" {
  custom_key_store_id = "cks-1234567890abcdef0"
}
