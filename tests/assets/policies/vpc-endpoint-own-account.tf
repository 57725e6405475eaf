locals {
  allow    = { Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }
  caller   = { "aws:PrincipalAccount" = "123456789012" }
  resource = { "aws:ResourceAccount" = "123456789012" }
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_vpc_endpoint" "pass_both" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Condition = { StringEquals = merge(local.caller, local.resource) } })] })
}

resource "aws_vpc_endpoint" "pass_where_there_is_an_owner" {
  vpc_id            = "vpc-1"
  service_name      = "com.amazonaws.eu-west-1.rekognition"
  vpc_endpoint_type = "Interface"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Condition = { StringEquals = local.caller, StringEqualsIfExists = local.resource } })
  ] })
}

resource "aws_vpc_endpoint" "pass_names" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Principal = { AWS = "123456789012" }, Resource = "arn:aws:s3:::receipts/*" })
  ] })
}

resource "aws_vpc_endpoint" "pass_elsewhere" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_vpc_endpoint_policy" "pass_both" {
  vpc_endpoint_id = aws_vpc_endpoint.pass_elsewhere.id
  policy          = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Condition = { StringEquals = merge(local.caller, local.resource) } })] })
}

# Without a policy everything may pass.
resource "aws_vpc_endpoint" "fail_default" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
}

resource "aws_vpc_endpoint" "fail_everything" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [local.allow] })
}

# A foreign key, smuggled in, carries data out to a foreign bucket.
resource "aws_vpc_endpoint" "fail_any_bucket" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Condition = { StringEquals = local.caller } })] })
}

resource "aws_vpc_endpoint" "fail_any_caller" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Condition = { StringEquals = local.resource } })] })
}

resource "aws_vpc_endpoint" "absent_balancer" {
  vpc_id            = "vpc-1"
  service_name      = "com.amazonaws.vpce.eu-west-1.vpce-svc-1"
  vpc_endpoint_type = "GatewayLoadBalancer"
}

resource "aws_vpc_endpoint" "unknown_policy" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = terraform_data.later.output
}

resource "aws_vpc_endpoint" "fail_unknown_action" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Action = terraform_data.later.output })] })
}

# All buckets are not some.
resource "aws_vpc_endpoint" "fail_names_everything" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = jsonencode({ Version = "2012-10-17", Statement = [merge(local.allow, { Resource = "arn:aws:s3:::*", Condition = { StringEquals = local.caller } })] })
}

resource "aws_vpc_endpoint" "fail_tables_of_any_account" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.dynamodb"
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    merge(local.allow, { Action = "dynamodb:*", Resource = "arn:aws:dynamodb:*:*:table/orders", Condition = { StringEquals = local.caller } })
  ] })
}
