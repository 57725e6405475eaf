resource "terraform_data" "later" {
  input = "0.0.0.0/0"
}

resource "aws_security_group" "functions" {}

resource "aws_security_group" "database" {}

resource "aws_rds_cluster" "orders" {
  engine                 = "aurora-mysql"
  vpc_security_group_ids = [aws_security_group.database.id]
}

resource "aws_vpc_security_group_egress_rule" "pass_port" {
  security_group_id = aws_security_group.functions.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "fail_every_port" {
  security_group_id = aws_security_group.functions.id
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_egress_rule" "fail_half_the_world" {
  security_group_id = aws_security_group.functions.id
  cidr_ipv4         = "128.0.0.0/1"
  ip_protocol       = "tcp"
  from_port         = 0
  to_port           = 65535
}

# Whoever only answers has nothing to ask.
resource "aws_vpc_security_group_egress_rule" "fail_database" {
  security_group_id = aws_security_group.database.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "absent_within" {
  security_group_id            = aws_security_group.functions.id
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_egress_rule" "unknown_range" {
  security_group_id = aws_security_group.functions.id
  cidr_ipv4         = terraform_data.later.output
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "fail_every_port" {
  type              = "egress"
  security_group_id = "sg-1"
  cidr_blocks       = ["10.0.0.0/8", "0.0.0.0/0"]
  protocol          = "all"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group_rule" "absent_ingress" {
  type              = "ingress"
  security_group_id = "sg-1"
  cidr_blocks       = ["0.0.0.0/0"]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group" "fail_every_port" {
  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

resource "aws_security_group" "pass_port" {
  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
  }

  # What stays within may be anything.
  egress {
    cidr_blocks = ["10.0.0.0/16"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

resource "aws_security_group" "fail_cache" {
  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
  }
}

resource "aws_elasticache_replication_group" "cache" {
  replication_group_id = "a"
  description          = "a"
  security_group_ids   = [aws_security_group.fail_cache.id]
}
