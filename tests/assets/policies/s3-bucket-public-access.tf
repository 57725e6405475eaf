resource "terraform_data" "later" {
  input = true
}

resource "aws_s3_bucket_public_access_block" "pass_all" {
  bucket                  = "a"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "fail_default" {
  bucket = "b"
}

resource "aws_s3_bucket_public_access_block" "fail_three" {
  bucket              = "c"
  block_public_acls   = true
  block_public_policy = true
  ignore_public_acls  = true
}

resource "aws_s3_bucket_public_access_block" "unknown_fourth" {
  bucket                  = "d"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = terraform_data.later.output
}

resource "aws_s3_account_public_access_block" "pass_all" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
