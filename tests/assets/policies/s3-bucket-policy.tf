resource "aws_s3_bucket" "pass_policy" {}

resource "aws_s3_bucket_policy" "policy" {
  bucket = aws_s3_bucket.pass_policy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket" "fail_none" {}
