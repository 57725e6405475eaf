resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sns_topic" "pass_key" {
  name              = "a"
  kms_master_key_id = aws_kms_key.key.arn
}

resource "aws_sns_topic" "pass_id" {
  name              = "b"
  kms_master_key_id = "mrk-1234abcd12ab34cd56ef1234567890ab"
}

resource "aws_sns_topic" "fail_none" {
  name = "c"
}

resource "aws_sns_topic" "fail_empty" {
  name              = "d"
  kms_master_key_id = ""
}

resource "aws_sns_topic" "fail_aws_managed" {
  name              = "e"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic" "unknown_key" {
  name              = "f"
  kms_master_key_id = terraform_data.later.output
}
