resource "terraform_data" "later" {
  input = "x"
}

locals {
  allow = { Effect = "Allow", Action = "sqs:SendMessage", Resource = "arn:aws:sqs:eu-west-1:123456789012:orders", Principal = { Service = "sns.amazonaws.com" } }
  key   = { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { Service = "logs.eu-west-1.amazonaws.com" } }
}

resource "aws_sns_topic" "orders" {}

resource "aws_sqs_queue_policy" "pass_topic" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:orders" } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEquals = { "aws:SourceAccount" = ["123456789012"] } } })
  ] })
}

resource "aws_sqs_queue_policy" "pass_role" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Principal = { AWS = "arn:aws:iam::123456789012:role/sender" } })] })
}

resource "aws_kms_key" "pass_context" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.key, { Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:123456789012:log-group:*" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_none" {
  queue_url = "a"
  policy    = jsonencode({ Version = "2012-10-17", Statement = local.allow })
}

resource "aws_sqs_queue_policy" "fail_anything" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringLike = { "aws:SourceAccount" = "*" } } })
  ] })
}

resource "aws_sqs_queue_policy" "fail_other_condition" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { Bool = { "aws:SecureTransport" = "true" } } })
  ] })
}

resource "aws_kms_key" "fail_none" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [local.key] })
}

resource "aws_sqs_queue_policy" "unknown_policy" {
  queue_url = "a"
  policy = terraform_data.later.output
}

resource "aws_sqs_queue_policy" "pass_arn_of_a_topic" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.orders.arn } } })
  ] })
}

# Anybody may have a topic of that name.
resource "aws_sqs_queue_policy" "fail_topic_of_any_account" {
  queue_url = "a"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:sns:*:*:orders" } } })
  ] })
}

resource "aws_ecr_registry_policy" "fail_registry" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = "ecr:ReplicateImage", Resource = "*" })] })
}

# AWS's own policy for an origin access control; the distribution's ARN is known only after apply.
resource "aws_cloudfront_distribution" "site" {
  enabled = true

  origin {
    domain_name = "site.s3.amazonaws.com"
    origin_id   = "site"
  }

  default_cache_behavior {
    allowed_methods        = ["GET", "HEAD"]
    cached_methods         = ["GET", "HEAD"]
    target_origin_id       = "site"
    viewer_protocol_policy = "https-only"
    cache_policy_id        = "658327ea-f89d-4fab-a63d-7e88639e58f6"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  viewer_certificate {
    cloudfront_default_certificate = true
  }
}

resource "aws_s3_bucket_policy" "pass_distribution" {
  bucket = "site"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = "s3:GetObject"
    Resource  = "arn:aws:s3:::site/*"
    Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.site.arn } }
  }] })
}

resource "aws_s3_bucket_policy" "fail_distribution_of_anybody" {
  bucket = "site"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Allow"
    Principal = { Service = "cloudfront.amazonaws.com" }
    Action    = "s3:GetObject"
    Resource  = "arn:aws:s3:::site/*"
    Condition = { StringNotEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.site.arn } }
  }] })
}
