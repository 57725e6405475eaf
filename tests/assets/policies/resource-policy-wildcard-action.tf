locals {
  allow = { Effect = "Allow", Resource = "arn:aws:s3:::a/*", Principal = { AWS = "arn:aws:iam::123456789012:role/reader" } }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_s3_bucket_policy" "pass_name" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "s3:GetObject" })] })
}

resource "aws_s3_bucket_policy" "pass_denial" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Effect = "Deny", Action = "s3:*" })] })
}

resource "aws_s3_bucket_policy" "fail_service" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = ["s3:GetObject", "s3:*"] })] })
}

resource "aws_secretsmanager_secret_policy" "fail_everything" {
  secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-123456"
  policy     = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "*", Resource = "*" })] })
}

resource "aws_s3_bucket_policy" "unknown_policy" {
  bucket = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = terraform_data.later.output })] })
}

resource "aws_iam_role" "pass_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { Service = "lambda.amazonaws.com" }
    Action    = "sts:AssumeRole"
  }] })
}

resource "aws_iam_role" "fail_trust" {
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { Service = "lambda.amazonaws.com" }
    Action    = "sts:*"
  }] })
}
