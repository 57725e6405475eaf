resource "terraform_data" "later" {
  input = "0.0.0.0/0"
}

resource "aws_vpc_security_group_ingress_rule" "pass_group" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "pass_office" {
  security_group_id = "sg-1"
  cidr_ipv4         = "198.51.100.0/24"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "fail_world" {
  security_group_id = "sg-1"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "fail_world_6" {
  security_group_id = "sg-1"
  cidr_ipv6         = "::/0"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "fail_half_the_world" {
  security_group_id = "sg-1"
  cidr_ipv4         = "128.0.0.0/1"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "unknown_range" {
  security_group_id = "sg-1"
  cidr_ipv4         = terraform_data.later.output
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "fail_world" {
  type              = "ingress"
  security_group_id = "sg-1"
  cidr_blocks       = ["10.0.0.0/8", "0.0.0.0/0"]
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
}

# The way out is another matter.
resource "aws_security_group_rule" "absent_egress" {
  type              = "egress"
  security_group_id = "sg-1"
  cidr_blocks       = ["0.0.0.0/0"]
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_security_group" "pass_none" {}

resource "aws_security_group" "fail_world" {
  ingress {
    security_groups = ["sg-2"]
    protocol        = "tcp"
    from_port       = 443
    to_port         = 443
  }

  ingress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
  }
}

resource "aws_ec2_managed_prefix_list" "halves" {
  name           = "halves"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "0.0.0.0/1"
  }

  entry {
    cidr = "128.0.0.0/1"
  }
}

resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 2

  entry {
    cidr = "198.51.100.0/24"
  }
}

resource "aws_ec2_managed_prefix_list" "filled" {
  name           = "filled"
  address_family = "IPv6"
  max_entries    = 2
}

resource "aws_ec2_managed_prefix_list_entry" "everything" {
  cidr           = "::/0"
  prefix_list_id = aws_ec2_managed_prefix_list.filled.id
}

resource "aws_vpc_security_group_ingress_rule" "fail_list_of_halves" {
  security_group_id = "sg-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.halves.id
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "pass_list_of_the_office" {
  security_group_id = "sg-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "fail_list_with_entry" {
  type              = "ingress"
  security_group_id = "sg-1"
  prefix_list_ids   = [aws_ec2_managed_prefix_list.filled.id]
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_security_group" "fail_list_inline" {
  ingress {
    prefix_list_ids = [aws_ec2_managed_prefix_list.halves.id]
    protocol        = "tcp"
    from_port       = 22
    to_port         = 22
  }
}
