# Buckets and file systems.
resource "aws_s3_bucket" "plain" {
  bucket = "example-plain-bucket"
}

resource "aws_s3_bucket" "generated" {}

resource "aws_s3_bucket" "prefixed" {
  bucket_prefix = "example-"
  force_destroy = true
  tags          = { Name = "prefixed" }
}

resource "aws_s3_bucket" "inline" {
  bucket = "example-inline-bucket"
  acl    = "private"
  versioning {
    enabled = true
  }
  logging {
    target_bucket = aws_s3_bucket.plain.id
    target_prefix = "log/"
  }
  server_side_encryption_configuration {
    rule {
      apply_server_side_encryption_by_default {
        sse_algorithm = "AES256"
      }
    }
  }
  lifecycle_rule {
    id      = "old"
    enabled = true
    prefix  = "tmp/"
    transition {
      days          = 30
      storage_class = "STANDARD_IA"
    }
    expiration {
      days = 90
    }
  }
  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["GET"]
    allowed_origins = ["https://example.com"]
  }
  website {
    index_document = "index.html"
  }
}

resource "aws_s3_bucket_acl" "plain" {
  bucket     = aws_s3_bucket.plain.id
  acl        = "private"
  depends_on = [aws_s3_bucket_ownership_controls.plain]
}

resource "aws_s3_bucket_ownership_controls" "plain" {
  bucket = aws_s3_bucket.plain.id
  rule {
    object_ownership = "BucketOwnerPreferred"
  }
}

resource "aws_s3_bucket_public_access_block" "plain" {
  bucket                  = aws_s3_bucket.plain.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_public_access_block" "half" {
  bucket            = aws_s3_bucket.prefixed.id
  block_public_acls = false
}

resource "aws_s3_bucket_versioning" "plain" {
  bucket = aws_s3_bucket.plain.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
    }
    bucket_key_enabled = true
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "simple" {
  bucket = aws_s3_bucket.prefixed.bucket
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  rule {
    id     = "logs"
    status = "Enabled"
    filter {
      prefix = "logs/"
    }
    transition {
      days          = 30
      storage_class = "GLACIER"
    }
    expiration {
      days = 365
    }
  }
  rule {
    id     = "all"
    status = "Enabled"
    filter {}
    noncurrent_version_expiration {
      noncurrent_days = 30
    }
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
  rule {
    id     = "tagged"
    status = "Disabled"
    filter {
      and {
        prefix = "x/"
        tags   = { a = "b" }
      }
    }
    expiration {
      expired_object_delete_marker = true
    }
  }
}

resource "aws_s3_bucket_logging" "plain" {
  bucket        = aws_s3_bucket.plain.id
  target_bucket = aws_s3_bucket.prefixed.id
  target_prefix = "access/"
}

resource "aws_s3_bucket_policy" "plain" {
  bucket = aws_s3_bucket.plain.id
  policy = data.aws_iam_policy_document.read.json
}

resource "aws_s3_bucket_policy" "known" {
  bucket = "example-known-bucket"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Public"
      Effect    = "Allow"
      Principal = "*"
      Action    = ["s3:GetObject"]
      Resource  = "arn:aws:s3:::example-known-bucket/*"
    }]
  })
}

data "aws_iam_policy_document" "read" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.plain.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::123456789012:root"]
    }
  }
}

resource "aws_s3_bucket_cors_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  cors_rule {
    allowed_methods = ["PUT", "POST"]
    allowed_origins = ["https://example.com"]
  }
  cors_rule {
    allowed_headers = ["*"]
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3000
  }
}

resource "aws_s3_bucket_website_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  index_document {
    suffix = "index.html"
  }
  error_document {
    key = "error.html"
  }
}

resource "aws_s3_bucket_notification" "plain" {
  bucket = aws_s3_bucket.plain.id
  lambda_function {
    lambda_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:example"
    events              = ["s3:ObjectCreated:*"]
    filter_suffix       = ".jpg"
  }
  queue {
    queue_arn = "arn:aws:sqs:us-east-1:123456789012:example"
    events    = ["s3:ObjectRemoved:*"]
  }
}

resource "aws_s3_bucket_replication_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  role   = "arn:aws:iam::123456789012:role/replication"
  rule {
    id     = "all"
    status = "Enabled"
    filter {
      prefix = ""
    }
    delete_marker_replication {
      status = "Disabled"
    }
    destination {
      bucket        = "arn:aws:s3:::example-copy"
      storage_class = "STANDARD"
    }
  }
}

resource "aws_s3_bucket_accelerate_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  status = "Enabled"
}

resource "aws_s3_bucket_intelligent_tiering_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  name   = "whole"
  tiering {
    access_tier = "ARCHIVE_ACCESS"
    days        = 125
  }
}

resource "aws_s3_bucket_object_lock_configuration" "plain" {
  bucket = aws_s3_bucket.plain.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 5
    }
  }
}

resource "aws_s3_object" "text" {
  bucket       = aws_s3_bucket.plain.id
  key          = "hello.txt"
  content      = "hello"
  content_type = "text/plain"
}

resource "aws_s3_object" "etag" {
  bucket = "example-known-bucket"
  key    = "a/b.json"
  content = jsonencode({ a = 1 })
  etag   = md5("x")
}

resource "aws_s3_bucket_object" "old" {
  bucket  = aws_s3_bucket.plain.id
  key     = "old.txt"
  content = "old"
}

resource "aws_efs_file_system" "main" {
  creation_token = "main"
  encrypted      = true
  lifecycle_policy {
    transition_to_ia = "AFTER_30_DAYS"
  }
}

resource "aws_efs_mount_target" "main" {
  file_system_id  = aws_efs_file_system.main.id
  subnet_id       = "subnet-11111111"
  security_groups = ["sg-11111111"]
}

resource "aws_efs_access_point" "main" {
  file_system_id = aws_efs_file_system.main.id
  posix_user {
    gid = 1000
    uid = 1000
  }
  root_directory {
    path = "/data"
    creation_info {
      owner_gid   = 1000
      owner_uid   = 1000
      permissions = "755"
    }
  }
}

resource "aws_fsx_lustre_file_system" "main" {
  storage_capacity = 1200
  subnet_ids       = ["subnet-11111111"]
}

resource "aws_backup_vault" "main" {
  name = "main"
}

resource "aws_backup_plan" "main" {
  name = "daily"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 5 * * ? *)"
    lifecycle {
      delete_after = 30
    }
  }
}

resource "aws_backup_selection" "main" {
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  name         = "tagged"
  plan_id      = aws_backup_plan.main.id
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "true"
  }
}

resource "aws_glacier_vault" "main" {
  name = "archive"
}

resource "aws_ecr_repository" "app" {
  name                 = "app"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_repository" "kms" {
  name         = "kms"
  force_delete = true
  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep 10"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 10 }
      action       = { type = "expire" }
    }]
  })
}

resource "aws_ecr_repository_policy" "app" {
  repository = aws_ecr_repository.app.name
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Sid = "x", Effect = "Allow", Principal = "*", Action = "ecr:GetDownloadUrlForLayer" }] })
}
