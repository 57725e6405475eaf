resource "aws_rds_cluster_parameter_group" "own" {
  family = "aurora-mysql8.0"
}

resource "aws_rds_cluster" "pass_own" {
  engine                          = "aurora-mysql"
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.own.name
}

# AWS's own group, which nobody can change.
resource "aws_rds_cluster" "fail_default" {
  engine                          = "aurora-mysql"
  db_cluster_parameter_group_name = "default.aurora-mysql8.0"
}
