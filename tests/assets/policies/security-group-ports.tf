resource "terraform_data" "later" {
  input = "tcp"
}

resource "aws_vpc_security_group_ingress_rule" "pass_port" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_vpc_security_group_ingress_rule" "pass_echo" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "icmp"
  from_port                    = 8
  to_port                      = -1
}

resource "aws_vpc_security_group_ingress_rule" "fail_every_protocol" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "fail_every_port" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "udp"
  from_port                    = 1
  to_port                      = 65535
}

resource "aws_vpc_security_group_ingress_rule" "unknown_protocol" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = terraform_data.later.output
  from_port                    = 80
  to_port                      = 80
}

resource "aws_security_group_rule" "pass_port" {
  type              = "ingress"
  security_group_id = "sg-1"
  self              = true
  protocol          = "tcp"
  from_port         = 80
  to_port           = 81
}

resource "aws_security_group_rule" "fail_every_protocol" {
  type              = "ingress"
  security_group_id = "sg-1"
  self              = true
  protocol          = "all"
  from_port         = 0
  to_port           = 0
}

# What goes out is another matter.
resource "aws_security_group_rule" "absent_egress" {
  type              = "egress"
  security_group_id = "sg-1"
  cidr_blocks       = ["0.0.0.0/0"]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group" "fail_one_of_two" {
  ingress {
    security_groups = ["sg-2"]
    protocol        = "tcp"
    from_port       = 80
    to_port         = 80
  }

  ingress {
    security_groups = ["sg-2"]
    protocol        = "-1"
    from_port       = 0
    to_port         = 0
  }
}

resource "aws_security_group" "absent_without_rules" {
  description = "its rules are resources of their own"
}
