resource "terraform_data" "later" {
  input = true
}

resource "aws_db_instance" "pass_default" {
  engine         = "postgres"
  instance_class = "db.t4g.micro"
}

resource "aws_db_instance" "fail_public" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  publicly_accessible = true
}

resource "aws_db_instance" "unknown_public" {
  engine              = "postgres"
  instance_class      = "db.t4g.micro"
  publicly_accessible = terraform_data.later.output
}

resource "aws_rds_cluster_instance" "pass_private" {
  cluster_identifier  = "a"
  engine              = "aurora-mysql"
  instance_class      = "db.serverless"
  publicly_accessible = false
}

resource "aws_rds_cluster_instance" "fail_public" {
  cluster_identifier  = "a"
  engine              = "aurora-mysql"
  instance_class      = "db.serverless"
  publicly_accessible = true
}

resource "aws_neptune_cluster_instance" "fail_graph" {
  cluster_identifier  = "a"
  instance_class      = "db.t4g.medium"
  publicly_accessible = true
}

resource "aws_redshift_cluster" "fail_warehouse" {
  cluster_identifier  = "a"
  node_type           = "ra3.large"
  publicly_accessible = true
}
