resource "terraform_data" "later" {
  input = true
}

resource "aws_subnet" "pass_off" {
  vpc_id                  = "vpc-1"
  cidr_block              = "10.0.0.0/24"
  map_public_ip_on_launch = false
}

resource "aws_subnet" "pass_default" {
  vpc_id     = "vpc-1"
  cidr_block = "10.0.1.0/24"
}

resource "aws_subnet" "fail_public" {
  vpc_id                  = "vpc-1"
  cidr_block              = "10.0.2.0/24"
  map_public_ip_on_launch = true
}

resource "aws_subnet" "unknown_public" {
  vpc_id                  = "vpc-1"
  cidr_block              = "10.0.3.0/24"
  map_public_ip_on_launch = terraform_data.later.output
}

# Its default is the other way round.
resource "aws_default_subnet" "fail_default" {
  availability_zone = "eu-west-1a"
}

resource "aws_default_subnet" "pass_default_off" {
  availability_zone       = "eu-west-1b"
  map_public_ip_on_launch = false
}
