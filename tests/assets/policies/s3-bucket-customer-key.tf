resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_s3_bucket" "data" {
  for_each = toset(["a", "b", "c", "d", "e", "f"])
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pass_key" {
  bucket = aws_s3_bucket.data["a"].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.key.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pass_twice_encrypted" {
  bucket = aws_s3_bucket.data["b"].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms:dsse"
      kms_master_key_id = aws_kms_key.key.arn
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "fail_s3_key" {
  bucket = aws_s3_bucket.data["c"].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "fail_aws_managed" {
  bucket = aws_s3_bucket.data["d"].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "aws:kms"
    }
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "fail_bucket_key_alone" {
  bucket = aws_s3_bucket.data["e"].id

  rule {
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "unknown_key" {
  bucket = aws_s3_bucket.data["f"].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = terraform_data.later.output
    }
  }
}

# S3 writes access logs with no other key than its own.
resource "aws_s3_bucket" "access_logs" {}

resource "aws_s3_bucket_logging" "data" {
  bucket        = aws_s3_bucket.data["a"].id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = ""
}

resource "aws_s3_bucket_server_side_encryption_configuration" "pass_access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# It writes logs; none are written to it.
resource "aws_s3_bucket" "logged" {}

resource "aws_s3_bucket_logging" "logged" {
  bucket        = aws_s3_bucket.logged.id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = ""
}

resource "aws_s3_bucket_server_side_encryption_configuration" "fail_logged" {
  bucket = aws_s3_bucket.logged.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# What an object says goes before what its bucket says.
resource "aws_s3_object" "fail_s3_key" {
  bucket                 = aws_s3_bucket.data["a"].id
  key                    = "menu.json"
  server_side_encryption = "AES256"
}

resource "aws_s3_object" "fail_aws_managed" {
  bucket                 = aws_s3_bucket.data["a"].id
  key                    = "menu.json"
  server_side_encryption = "aws:kms"
}

resource "aws_s3_object" "pass_key" {
  bucket     = aws_s3_bucket.data["a"].id
  key        = "menu.json"
  kms_key_id = aws_kms_key.key.arn
}

resource "aws_s3_object" "absent_as_the_bucket" {
  bucket = aws_s3_bucket.data["a"].id
  key    = "menu.json"
}
