terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    random = {
      source = "hashicorp/random"
    }
  }
}

locals {
  name     = "feedback-${terraform.workspace}"
  settings = local.environments[terraform.workspace]

  environments = {
    prod = {
      burst          = 400
      rate           = 200
      read_capacity  = 20
      write_capacity = 10
      callback_urls  = ["https://feedback.example.com/signed-in"]
    }
    qa = {
      burst          = 40
      rate           = 20
      read_capacity  = 2
      write_capacity = 2
      callback_urls  = ["https://feedback-qa.example.com/signed-in"]
    }
    dev = {
      burst          = 20
      rate           = 10
      read_capacity  = 2
      write_capacity = 1
      callback_urls  = ["https://feedback-dev.example.com/signed-in", "http://localhost:3000/signed-in"]
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Stack = "feedback", Environment = terraform.workspace }
  }
}

resource "random_password" "signing" {
  length = 40
}

resource "aws_secretsmanager_secret" "signing" {
  name = "${local.name}/signing"
}

resource "aws_secretsmanager_secret_version" "signing" {
  secret_id     = aws_secretsmanager_secret.signing.id
  secret_string = random_password.signing.result
}

resource "aws_cognito_user_pool" "this" {
  name                     = local.name
  auto_verified_attributes = ["email"]

  password_policy {
    minimum_length    = 14
    require_lowercase = true
    require_numbers   = true
    require_symbols   = false
    require_uppercase = true
  }
}

resource "aws_cognito_user_pool_client" "web" {
  name                                 = "web"
  user_pool_id                         = aws_cognito_user_pool.this.id
  callback_urls                        = local.settings.callback_urls
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["email", "openid"]
  allowed_oauth_flows_user_pool_client = true
  supported_identity_providers         = ["COGNITO"]
}

resource "aws_dynamodb_table" "entries" {
  name           = "${local.name}-entries"
  billing_mode   = "PROVISIONED"
  read_capacity  = local.settings.read_capacity
  write_capacity = local.settings.write_capacity
  hash_key       = "product"
  range_key      = "written_at"

  attribute {
    name = "product"
    type = "S"
  }

  attribute {
    name = "written_at"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_apigatewayv2_api" "this" {
  name          = local.name
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_authorizer" "this" {
  api_id           = aws_apigatewayv2_api.this.id
  name             = "cognito"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]

  jwt_configuration {
    audience = [aws_cognito_user_pool_client.web.id]
    issuer   = "https://${aws_cognito_user_pool.this.endpoint}"
  }
}

resource "aws_cloudwatch_log_group" "api" {
  name              = "/aws/api/${local.name}"
  retention_in_days = 30
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    format          = jsonencode({ id = "$context.requestId", status = "$context.status" })
  }

  default_route_settings {
    throttling_burst_limit = local.settings.burst
    throttling_rate_limit  = local.settings.rate
  }
}
