resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_rds_cluster" "pass_key" {
  engine            = "aurora-mysql"
  storage_encrypted = true
  kms_key_id        = aws_kms_key.key.arn
}

# The provider would choose AWS's own key.
resource "aws_rds_cluster" "fail_aws_managed" {
  engine            = "aurora-mysql"
  storage_encrypted = true
}

resource "aws_rds_cluster" "fail_key_without_encryption" {
  engine            = "aurora-mysql"
  storage_encrypted = false
  kms_key_id        = aws_kms_key.key.arn
}

resource "aws_rds_cluster" "unknown_key" {
  engine            = "aurora-mysql"
  storage_encrypted = true
  kms_key_id        = terraform_data.later.output
}

resource "aws_db_instance" "pass_key" {
  engine            = "postgres"
  instance_class    = "db.t4g.micro"
  storage_encrypted = true
  kms_key_id        = aws_kms_key.key.arn
}

resource "aws_db_instance" "fail_none" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

# A replica in the same region has the key of its origin, and may name none.
resource "aws_db_instance" "absent_replica" {
  instance_class      = "db.t4g.micro"
  replicate_source_db = "orders"
}

resource "aws_db_instance" "fail_replica_of_another_region" {
  instance_class      = "db.t4g.micro"
  replicate_source_db = "arn:aws:rds:eu-central-1:123456789012:db:orders"
}

resource "aws_docdb_cluster" "fail_documents" {
  storage_encrypted = true
}

resource "aws_neptune_cluster" "fail_graph" {
  storage_encrypted = true
}
