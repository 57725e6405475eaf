locals {
  denial = {
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = ["arn:aws:s3:::receipts", "arn:aws:s3:::receipts/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_s3_bucket" "receipts" {
  bucket = "receipts"
}

resource "aws_s3_bucket" "later" {
  bucket = terraform_data.later.output
}

resource "aws_s3_bucket_policy" "pass_denial" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_s3_bucket_policy" "pass_statement_alone" {
  bucket = "receipts"
  policy = jsonencode({ Version = "2012-10-17", Statement = merge(local.denial, { Principal = { AWS = ["*"] } }) })
}

resource "aws_s3_bucket_policy" "pass_every_case" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Action = ["S3:get*", "s3:PUTObject", "s3:delete*", "s3:List*"], Condition = { Bool = { "AWS:securetransport" = false } } })
  ] })
}

resource "aws_s3_bucket_policy" "pass_pattern" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Resource = "arn:aws:s3:::receipts*" })] })
}

resource "aws_s3_bucket" "pass_inline" {
  bucket = "receipts"
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

# Whatever the bucket is called.
resource "aws_s3_bucket_policy" "pass_everything" {
  bucket = aws_s3_bucket.later.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Resource = "*" })] })
}

resource "aws_s3_bucket" "absent_without_policy" {
  bucket = "receipts"
}

resource "aws_s3_bucket_policy" "fail_other_bucket" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Resource = ["arn:aws:s3:::receipt", "arn:aws:s3:::receipt/*"] })
  ] })
}

resource "aws_s3_bucket_policy" "fail_objects_alone" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Resource = "arn:aws:s3:::receipts/*" })] })
}

resource "aws_s3_bucket_policy" "fail_bucket_alone" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Resource = "arn:aws:s3:::receipts" })] })
}

resource "aws_s3_bucket_policy" "fail_writes_alone" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Action = "s3:PutObject" })] })
}

resource "aws_s3_bucket_policy" "fail_somebody" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Principal = { AWS = "arn:aws:iam::123456789012:role/reader" } })
  ] })
}

resource "aws_s3_bucket_policy" "fail_all_but_somebody" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect       = "Deny"
    NotPrincipal = { AWS = "arn:aws:iam::123456789012:role/reader" }
    Action       = "s3:*"
    Resource     = "*"
    Condition    = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

# Who comes with TLS is let in, which keeps nobody out.
resource "aws_s3_bucket_policy" "fail_allowed_with_tls" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Effect = "Allow", Principal = { AWS = "123456789012" }, Condition = { Bool = { "aws:SecureTransport" = "true" } } })
  ] })
}

resource "aws_s3_bucket_policy" "fail_upside_down" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Condition = { Bool = { "aws:SecureTransport" = "true" } } })
  ] })
}

resource "aws_s3_bucket_policy" "fail_one_more_condition" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Condition = { Bool = { "aws:SecureTransport" = "false" }, IpAddress = { "aws:SourceIp" = "10.0.0.0/8" } } })
  ] })
}

resource "aws_s3_bucket_policy" "unknown_bucket" {
  bucket = aws_s3_bucket.later.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.denial] })
}

resource "aws_s3_bucket_policy" "unknown_policy" {
  bucket = aws_s3_bucket.receipts.id
  policy = terraform_data.later.output
}

resource "aws_s3_bucket_policy" "pass_unknown_sid" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Sid = terraform_data.later.output })] })
}

# No denial will do, however the bucket is called.
resource "aws_s3_bucket_policy" "fail_unknown_bucket" {
  bucket = aws_s3_bucket.later.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.denial, { Action = "s3:ListBucket" })] })
}

# One statement for the bucket, one for what is in it.
resource "aws_s3_bucket_policy" "pass_two_statements" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Resource = "arn:aws:s3:::receipts" }),
    merge(local.denial, { Resource = "arn:aws:s3:::receipts/*" }),
  ] })
}

resource "aws_s3_bucket_policy" "pass_each_with_its_own" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Action = "s3:List*", Resource = "arn:aws:s3:::receipts" }),
    merge(local.denial, { Action = "s3:*Object*", Resource = "arn:aws:s3:::receipts/*" }),
  ] })
}

# Old versions go in clear.
resource "aws_s3_bucket_policy" "fail_versions" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Action = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:ListBucket"] })
  ] })
}

resource "aws_s3_bucket_policy" "fail_some_objects" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Resource = ["arn:aws:s3:::receipts", "arn:aws:s3:::receipts/private/*"] })
  ] })
}

resource "aws_s3_bucket_policy" "fail_other_case_of_the_bucket" {
  bucket = aws_s3_bucket.receipts.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.denial, { Resource = ["arn:aws:s3:::Receipts", "arn:aws:s3:::Receipts/*"] })
  ] })
}

resource "aws_s3_bucket" "prefixed" {
  bucket_prefix = "orders-"
}

resource "aws_s3_bucket_policy" "pass_name_that_aws_chooses" {
  bucket = aws_s3_bucket.prefixed.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.prefixed.arn, "${aws_s3_bucket.prefixed.arn}/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

resource "aws_s3_bucket_policy" "fail_objects_of_a_name_that_aws_chooses" {
  bucket = aws_s3_bucket.prefixed.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = [aws_s3_bucket.prefixed.arn, "arn:aws:s3:::another/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}

resource "aws_s3_bucket_policy" "unknown_whether_a_pattern_matches" {
  bucket = aws_s3_bucket.prefixed.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "s3:*"
    Resource  = ["arn:aws:s3:::orders-*", "arn:aws:s3:::orders-*/*"]
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }] })
}
