resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_rds_cluster_instance" "pass_key" {
  cluster_identifier              = "a"
  engine                          = "aurora-mysql"
  instance_class                  = "db.serverless"
  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.key.arn
}

resource "aws_rds_cluster_instance" "fail_aws_managed" {
  cluster_identifier           = "a"
  engine                       = "aurora-mysql"
  instance_class               = "db.serverless"
  performance_insights_enabled = true
}

resource "aws_rds_cluster_instance" "absent_off" {
  cluster_identifier           = "a"
  engine                       = "aurora-mysql"
  instance_class               = "db.serverless"
  performance_insights_enabled = false
}

resource "aws_rds_cluster_instance" "unknown_key" {
  cluster_identifier              = "a"
  engine                          = "aurora-mysql"
  instance_class                  = "db.serverless"
  performance_insights_enabled    = true
  performance_insights_kms_key_id = terraform_data.later.output
}

resource "aws_db_instance" "fail_aws_managed" {
  engine                       = "postgres"
  instance_class               = "db.t4g.medium"
  performance_insights_enabled = true
}
