terraform {
  required_version = ">= 1.5"
  required_providers {
    aws    = { source = "hashicorp/aws", version = "~> 5.0" }
    random = { source = "hashicorp/random", version = "~> 3.5" }
  }
  backend "s3" {
    bucket = "billing-test-state"
    key    = "billing/terraform.tfstate"
    region = "eu-west-1"
  }
}

provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { Stage = "test" }
  }
}

resource "random_pet" "suffix" {}

module "inbox" {
  source = "../../modules/inbox"

  stage             = "test"
  retention_seconds = 86400
  readers           = ["billing-test-worker"]
}

resource "aws_s3_bucket" "invoices" {
  bucket = "billing-test-${random_pet.suffix.id}"
}

output "inbox_url" {
  value = module.inbox.url
}
