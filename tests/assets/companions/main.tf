# Every companion provider at once, as Terraform itself plans them.

terraform {
  required_providers {
    aws   = { source = "hashicorp/aws" }
    local = { source = "hashicorp/local" }
    time  = { source = "hashicorp/time" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

resource "random_password" "this" {
  length  = 16
  numeric = false
}

resource "random_shuffle" "zones" {
  input        = data.aws_availability_zones.this.names
  result_count = 2
}

resource "null_resource" "this" {
  triggers = { password = random_password.this.id }
}

resource "time_rotating" "this" {
  rotation_days = 30
}

resource "tls_private_key" "this" {
  algorithm = "ED25519"
}

resource "tls_self_signed_cert" "this" {
  private_key_pem       = tls_private_key.this.private_key_pem
  allowed_uses          = ["server_auth"]
  validity_period_hours = 24

  subject {
    common_name = "example.com"
  }
}

resource "local_sensitive_file" "key" {
  filename = "${path.module}/key.pem"
  content  = tls_private_key.this.private_key_pem
}

resource "aws_lambda_function" "this" {
  function_name    = "companion"
  role             = data.aws_iam_role.this.arn
  filename         = data.archive_file.code.output_path
  source_code_hash = data.archive_file.code.output_base64sha256
  handler          = "main.handle"
  runtime          = "python3.12"
}

data "archive_file" "code" {
  type        = "zip"
  source_dir  = "${path.module}/source"
  excludes    = ["package/**"]
  output_path = "${path.module}/build/code.zip"
}

data "aws_availability_zones" "this" {
  state = "available"
}

data "aws_iam_role" "this" {
  name = "companion"
}

data "cloudinit_config" "this" {
  gzip          = false
  base64_encode = false

  part {
    content = data.local_file.this.content
  }
}

data "external" "this" {
  program = ["false"]
}

data "http" "this" {
  url = "https://example.com"
}

data "local_file" "this" {
  filename = "${path.module}/hello.txt"
}

data "null_data_source" "this" {
  inputs = { url = data.http.this.response_body }
}

data "template_file" "this" {
  template = "hello $${name}"
  vars     = { name = "world" }
}

output "rendered" {
  value = [data.template_file.this.rendered, data.null_data_source.this.outputs.url]
}

output "called" {
  value = {
    arn       = provider::aws::arn_parse(data.aws_iam_role.this.arn).resource
    directory = provider::local::direxists("${path.module}/source")
    duration  = provider::time::duration_parse("90m").hours
  }
}
