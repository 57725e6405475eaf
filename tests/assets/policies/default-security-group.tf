resource "aws_default_security_group" "pass_empty" {
  vpc_id = "vpc-1"
}

resource "aws_default_security_group" "fail_itself" {
  vpc_id = "vpc-2"

  ingress {
    self      = true
    protocol  = "-1"
    from_port = 0
    to_port   = 0
  }
}

resource "aws_default_security_group" "fail_egress" {
  vpc_id = "vpc-3"

  egress {
    cidr_blocks = ["0.0.0.0/0"]
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
  }
}

resource "aws_vpc" "pass_with_group" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_default_security_group" "pass_of_vpc" {
  vpc_id = aws_vpc.pass_with_group.id
}

# AWS makes one that lets everything out, and its members to each other.
resource "aws_vpc" "fail_without_group" {
  cidr_block = "10.0.0.0/16"
}
