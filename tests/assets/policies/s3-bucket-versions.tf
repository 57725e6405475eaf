resource "aws_s3_bucket" "pass_configured" {}

resource "aws_s3_bucket_versioning" "versioning" {
  bucket = aws_s3_bucket.pass_configured.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket" "fail_default" {}
