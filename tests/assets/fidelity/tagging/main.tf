# Default tags and a second region.
resource "aws_vpc" "tagged" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "tagged", Team = "override" }
}

resource "aws_vpc" "untagged" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_sqs_queue" "west" {
  provider = aws.west
  name     = "west"
}

resource "aws_s3_bucket" "tagged" {
  bucket = "example-tagged"
  tags   = { Owner = aws_vpc.tagged.id }
}

resource "aws_autoscaling_group" "untagged" {
  name                = "untagged"
  min_size            = 1
  max_size            = 1
  vpc_zone_identifier = ["subnet-11111111"]
  launch_template {
    name = "app"
  }
}

resource "aws_vpc_security_group_ingress_rule" "untagged" {
  security_group_id = "sg-11111111"
  cidr_ipv4         = "10.0.0.0/8"
  ip_protocol       = "-1"
}

resource "aws_instance" "volumes" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  volume_tags   = { Disk = "a" }
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  access_key                  = "dummy"
  secret_key                  = "dummy"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
