locals {
  key = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"

  denial = {
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:PutObject"
    Resource  = "arn:aws:s3:::receipts/*"
    Condition = { Null = { "s3:x-amz-server-side-encryption" = "false" } }
  }
}

locals {
  # A key that the client brings along is nobody else's.
  brought = merge(local.denial, { Condition = { Null = { "s3:x-amz-server-side-encryption-customer-algorithm" = "false" } } })
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_s3_bucket" "receipts" {
  bucket = "receipts"
}

resource "aws_s3_bucket_policy" "pass_no_choice" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial, local.brought] })
}

resource "aws_s3_bucket_policy" "pass_this_key" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Action = "s3:Put*", Condition = { StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = local.key } } })
  ] })
}

resource "aws_s3_bucket" "pass_inline" {
  bucket = "receipts"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial, local.brought] })
}

resource "aws_s3_bucket_policy" "fail_key_of_the_client" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_s3_bucket" "absent_without_policy" {
  bucket = "receipts"
}

resource "aws_s3_bucket_policy" "fail_none" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

# Any key of KMS will do, and somebody else's too.
resource "aws_s3_bucket_policy" "fail_any_key" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.brought,
    merge(local.denial, { Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" } } }),
  ] })
}

resource "aws_s3_bucket_policy" "fail_one_more_condition" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    local.brought,
    merge(local.denial, { Condition = { Null = { "s3:x-amz-server-side-encryption" = "false" }, Bool = { "aws:SecureTransport" = "false" } } }),
  ] })
}

resource "aws_s3_bucket_policy" "fail_some_objects" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.brought, merge(local.denial, { Resource = "arn:aws:s3:::receipts/private/*" })] })
}

resource "aws_s3_bucket_policy" "unknown_policy" {
  bucket = aws_s3_bucket.receipts.id
  policy = terraform_data.later.output
}

resource "aws_s3_bucket_policy" "pass_unknown_sid" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.brought, merge(local.denial, { Sid = terraform_data.later.output })] })
}

# S3 writes access logs itself.
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}

resource "aws_s3_bucket_logging" "receipts" {
  bucket        = aws_s3_bucket.receipts.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "receipts/"
}

resource "aws_s3_bucket_policy" "pass_access_logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}
