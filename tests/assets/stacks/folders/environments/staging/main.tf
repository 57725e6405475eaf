terraform {
  backend "s3" {
    bucket = "bookings-terraform"
    key    = "staging/service.tfstate"
    region = "eu-central-1"
  }
}

provider "aws" {
  region = "eu-central-1"
}

module "service" {
  source = "../../modules/service"

  environment         = "staging"
  cidr                = "10.20.0.0/16"
  image               = "ghcr.io/example/bookings:4.2.0"
  certificate_arn     = "arn:aws:acm:eu-central-1:222222222222:certificate/5c7a1b9e-3f3c-4f0e-9b1d-000000000002"
  deletion_protection = false
}
