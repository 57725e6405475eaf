resource "terraform_data" "later" {
  input = "10.0.0.0/8"
}

resource "aws_vpc_security_group_ingress_rule" "pass_group" {
  security_group_id            = "sg-1"
  referenced_security_group_id = "sg-2"
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "pass_prefix_list" {
  security_group_id = "sg-1"
  prefix_list_id    = "pl-1"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "fail_range" {
  security_group_id = "sg-1"
  cidr_ipv4         = "10.20.32.0/20"
  ip_protocol       = "-1"
}

resource "aws_vpc_security_group_ingress_rule" "unknown_range" {
  security_group_id = "sg-1"
  cidr_ipv4         = terraform_data.later.output
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "pass_self" {
  type              = "ingress"
  security_group_id = "sg-1"
  self              = true
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group_rule" "fail_range" {
  type              = "ingress"
  security_group_id = "sg-1"
  ipv6_cidr_blocks  = ["fd00::/16"]
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
}

resource "aws_security_group" "fail_range" {
  ingress {
    cidr_blocks = ["10.0.0.0/8"]
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
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

resource "aws_vpc_security_group_ingress_rule" "fail_list_of_addresses" {
  security_group_id = "sg-1"
  prefix_list_id    = aws_ec2_managed_prefix_list.office.id
  ip_protocol       = "-1"
}
