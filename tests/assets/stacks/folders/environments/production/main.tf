terraform {
  backend "s3" {
    bucket = "bookings-terraform"
    key    = "production/service.tfstate"
    region = "eu-central-1"
  }
}

provider "aws" {
  region = "eu-central-1"
}

module "service" {
  source = "../../modules/service"

  environment     = "production"
  cidr            = "10.30.0.0/16"
  image           = "ghcr.io/example/bookings:4.1.3"
  certificate_arn = "arn:aws:acm:eu-central-1:333333333333:certificate/5c7a1b9e-3f3c-4f0e-9b1d-000000000003"
  cpu             = 1024
  memory          = 2048
  tasks           = 6
}

resource "aws_cloudwatch_metric_alarm" "balancer_errors" {
  alarm_name          = "bookings-production-balancer-errors"
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_ELB_5XX_Count"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 3
  threshold           = 10
  comparison_operator = "GreaterThanThreshold"
}
