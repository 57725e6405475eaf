resource "aws_kms_key" "key" {}

resource "aws_kms_alias" "alias" {
  name          = "alias/streams"
  target_key_id = aws_kms_key.key.id
}

resource "terraform_data" "later" {
  input = "alias/aws/kinesis"
}

resource "aws_kinesis_stream" "pass_key" {
  name            = "a"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.key.arn
}

resource "aws_kinesis_stream" "pass_alias" {
  name            = "b"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = aws_kms_alias.alias.arn
}

resource "aws_kinesis_stream" "pass_arn" {
  name            = "c"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
}

resource "aws_kinesis_stream" "pass_alias_name" {
  name            = "d"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/streams"
}

resource "aws_kinesis_stream" "pass_each" {
  for_each = toset(["one", "two"])

  name            = each.key
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = aws_kms_key.key.arn
}

resource "aws_kinesis_stream" "fail_none" {
  name        = "e"
  shard_count = 1
}

# AWS's own key, which nobody can limit or revoke.
resource "aws_kinesis_stream" "fail_aws_managed" {
  name            = "f"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

resource "aws_kinesis_stream" "fail_aws_managed_arn" {
  name            = "g"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "arn:aws:kms:eu-west-1:123456789012:alias/aws/kinesis"
}

resource "aws_kinesis_stream" "fail_key_without_encryption" {
  name            = "h"
  shard_count     = 1
  encryption_type = "NONE"
  kms_key_id      = aws_kms_key.key.arn
}

resource "aws_kinesis_stream" "fail_encryption_without_key" {
  name            = "i"
  shard_count     = 1
  encryption_type = "KMS"
}

resource "aws_kinesis_stream" "unknown_key" {
  name            = "j"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = terraform_data.later.output
}

# Whatever the key will be, it encrypts nothing.
resource "aws_kinesis_stream" "fail_unknown_key_without_encryption" {
  name        = "k"
  shard_count = 1
  kms_key_id  = terraform_data.later.output
}
