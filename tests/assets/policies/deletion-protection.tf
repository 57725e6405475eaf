resource "terraform_data" "later" {
  input = true
}

resource "aws_dynamodb_table" "pass_protected" {
  name                        = "a"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "fail_default" {
  name         = "b"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_rds_cluster" "pass_protected" {
  engine              = "aurora-mysql"
  deletion_protection = true
}

resource "aws_rds_cluster" "fail_off" {
  engine              = "aurora-mysql"
  deletion_protection = false
}

resource "aws_rds_cluster" "unknown_protection" {
  engine              = "aurora-mysql"
  deletion_protection = terraform_data.later.output
}

resource "aws_db_instance" "fail_default" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

resource "aws_s3_bucket" "pass_default" {}

# Terraform would empty it first.
resource "aws_s3_bucket" "fail_forced" {
  force_destroy = true
}

resource "aws_dynamodb_table_replica" "fail_copy" {
  global_table_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
}

resource "aws_docdb_cluster" "fail_documents" {}

resource "aws_neptune_cluster" "pass_graph" {
  deletion_protection = true
}
