terraform {
  required_version = ">= 1.5"
  required_providers {
    aws    = { source = "hashicorp/aws", version = "~> 5.0" }
    random = { source = "hashicorp/random", version = "~> 3.5" }
  }
  backend "s3" {
    bucket = "billing-production-state"
    key    = "billing/terraform.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Stage = "production" }
  }
}

resource "random_pet" "suffix" {}

module "inbox" {
  source = "../../modules/inbox"

  stage             = "production"
  retention_seconds = 345600
  readers           = ["billing-production-worker"]
}

resource "aws_s3_bucket" "invoices" {
  bucket = "billing-production-${random_pet.suffix.id}"
}

output "inbox_url" {
  value = module.inbox.url
}
