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
