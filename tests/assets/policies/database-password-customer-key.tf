resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_rds_cluster" "pass_key" {
  engine                        = "aurora-mysql"
  master_username               = "root"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.key.arn
}

resource "aws_rds_cluster" "fail_aws_managed" {
  engine                      = "aurora-mysql"
  master_username             = "root"
  manage_master_user_password = true
}

# In the state, in clear.
resource "aws_rds_cluster" "fail_password" {
  engine          = "aurora-mysql"
  master_username = "root"
  master_password = "correct horse battery"
}

resource "aws_rds_cluster" "fail_password_from_elsewhere" {
  engine          = "aurora-mysql"
  master_username = "root"
  master_password = terraform_data.later.output
}

resource "aws_rds_cluster" "unknown_key" {
  engine                        = "aurora-mysql"
  master_username               = "root"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = terraform_data.later.output
}

resource "aws_rds_cluster" "absent_restored" {
  engine              = "aurora-mysql"
  snapshot_identifier = "before"
}

resource "aws_db_instance" "pass_key" {
  engine                        = "postgres"
  instance_class                = "db.t4g.micro"
  username                      = "root"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.key.arn
}

resource "aws_db_instance" "fail_password" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
  username       = "root"
  password       = "correct horse battery"
}

resource "aws_db_instance" "absent_replica" {
  instance_class      = "db.t4g.micro"
  replicate_source_db = aws_db_instance.pass_key.identifier
}
