locals {
  name    = "${var.application}-${var.environment}"
  buckets = toset(["originals", "thumbnails"])
}

resource "aws_s3_bucket" "images" {
  for_each = local.buckets

  bucket = "${local.name}-${each.key}"
}

resource "aws_s3_bucket_versioning" "images" {
  for_each = local.buckets

  bucket = aws_s3_bucket.images[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_public_access_block" "images" {
  for_each = local.buckets

  bucket                  = aws_s3_bucket.images[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_db_subnet_group" "catalog" {
  name       = "${local.name}-catalog"
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "catalog" {
  identifier              = "${local.name}-catalog"
  engine                  = "postgres"
  engine_version          = "16.4"
  instance_class          = var.database_class
  allocated_storage       = 20
  storage_encrypted       = true
  multi_az                = var.multi_az
  username                = "catalog"
  password                = var.database_password
  db_subnet_group_name    = aws_db_subnet_group.catalog.name
  backup_retention_period = 7
  skip_final_snapshot     = true
}

resource "aws_dynamodb_table" "jobs" {
  name         = "${local.name}-jobs"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "job_id"

  attribute {
    name = "job_id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}
