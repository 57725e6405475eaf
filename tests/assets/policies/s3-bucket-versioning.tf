resource "terraform_data" "later" {
  input = "Suspended"
}

resource "aws_s3_bucket_versioning" "pass_enabled" {
  bucket = "a"

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_versioning" "fail_suspended" {
  bucket = "b"

  versioning_configuration {
    status = "Suspended"
  }
}

resource "aws_s3_bucket_versioning" "unknown_status" {
  bucket = "c"

  versioning_configuration {
    status = terraform_data.later.output
  }
}
