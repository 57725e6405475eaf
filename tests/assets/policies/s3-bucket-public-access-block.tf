resource "aws_s3_bucket" "pass_block" {}

resource "aws_s3_bucket_public_access_block" "block" {
  bucket = aws_s3_bucket.pass_block.id
}

resource "aws_s3_bucket" "fail_none" {}
