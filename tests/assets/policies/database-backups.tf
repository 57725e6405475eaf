resource "terraform_data" "later" {
  input = 1
}

resource "aws_rds_cluster" "pass_week" {
  engine                    = "aurora-mysql"
  backup_retention_period   = 7
  skip_final_snapshot       = false
  final_snapshot_identifier = "a-final"
}

resource "aws_rds_cluster" "fail_default" {
  engine = "aurora-mysql"
}

resource "aws_rds_cluster" "fail_days" {
  engine                    = "aurora-mysql"
  backup_retention_period   = 3
  final_snapshot_identifier = "a-final"
}

resource "aws_rds_cluster" "fail_last_snapshot" {
  engine                  = "aurora-mysql"
  backup_retention_period = 30
  skip_final_snapshot     = true
}

resource "aws_rds_cluster" "unknown_days" {
  engine                    = "aurora-mysql"
  backup_retention_period   = terraform_data.later.output
  final_snapshot_identifier = "a-final"
}

resource "aws_db_instance" "fail_none" {
  engine                  = "postgres"
  instance_class          = "db.t4g.micro"
  backup_retention_period = 0
}

# A replica is made anew from its origin, and RDS refuses it a last snapshot.
resource "aws_db_instance" "absent_replica" {
  instance_class      = "db.t4g.micro"
  replicate_source_db = "orders"
  skip_final_snapshot = true
}

resource "aws_docdb_cluster" "fail_documents" {
  skip_final_snapshot = true
}
