resource "aws_s3_bucket" "pass_policy" {}

resource "aws_s3_bucket_policy" "policy" {
  bucket = aws_s3_bucket.pass_policy.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_s3_bucket" "fail_none" {}

# A policy that only speaks of it is another's.
resource "aws_s3_bucket" "fail_spoken_of" {}

resource "aws_s3_bucket" "pass_speaker" {}

resource "aws_s3_bucket_policy" "speaker" {
  bucket = aws_s3_bucket.pass_speaker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "*"
    Resource  = "*"
    Condition = { ArnEquals = { "aws:SourceArn" = aws_s3_bucket.fail_spoken_of.arn } }
  }] })
}
