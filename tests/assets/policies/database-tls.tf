resource "terraform_data" "later" {
  input = "OFF"
}

resource "aws_rds_cluster_parameter_group" "pass_mysql" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "ON"
  }

  parameter {
    name  = "slow_query_log"
    value = "0"
  }
}

resource "aws_rds_cluster_parameter_group" "pass_postgres" {
  family = "aurora-postgresql16"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_rds_cluster_parameter_group" "fail_none" {
  family = "aurora-mysql8.0"
}

resource "aws_rds_cluster_parameter_group" "fail_off" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = "OFF"
  }

  parameter {
    name  = "slow_query_log"
    value = "1"
  }
}

# The parameter of another engine.
resource "aws_rds_cluster_parameter_group" "fail_other_parameter" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_rds_cluster_parameter_group" "unknown_value" {
  family = "aurora-mysql8.0"

  parameter {
    name  = "require_secure_transport"
    value = terraform_data.later.output
  }
}

resource "aws_db_parameter_group" "pass_mariadb" {
  family = "mariadb11.4"

  parameter {
    name  = "require_secure_transport"
    value = "1"
  }
}

resource "aws_db_parameter_group" "fail_postgres" {
  family = "postgres16"
}

# The cluster's group says it.
resource "aws_db_parameter_group" "absent_instance_of_a_cluster" {
  family = "aurora-mysql8.0"
}
