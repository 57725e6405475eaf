resource "terraform_data" "later" {
  input = "HTTP"
}

resource "aws_api_gateway_integration" "pass_https" {
  rest_api_id = "a"
  resource_id = "a"
  http_method = "GET"
  type        = "HTTP_PROXY"
  uri         = "https://pos.example.com/orders"
}

resource "aws_api_gateway_integration" "fail_http" {
  rest_api_id = "a"
  resource_id = "a"
  http_method = "GET"
  type        = "HTTP_PROXY"
  uri         = "HTTP://pos.example.com/orders"
}

resource "aws_api_gateway_integration" "fail_unverified" {
  rest_api_id = "a"
  resource_id = "a"
  http_method = "GET"
  type        = "HTTP"
  uri         = "https://pos.example.com/orders"

  tls_config {
    insecure_skip_verification = true
  }
}

resource "aws_api_gateway_integration" "absent_function" {
  rest_api_id = "a"
  resource_id = "a"
  http_method = "GET"
  type        = "AWS_PROXY"
  uri         = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/a/invocations"
}

resource "aws_api_gateway_integration" "unknown_uri" {
  rest_api_id = "a"
  resource_id = "a"
  http_method = "GET"
  type        = "HTTP"
  uri         = terraform_data.later.output
}

resource "aws_apigatewayv2_integration" "pass_https" {
  api_id             = "a"
  integration_type   = "HTTP_PROXY"
  integration_method = "GET"
  integration_uri    = "https://pos.example.com/orders"
}

resource "aws_apigatewayv2_integration" "fail_http" {
  api_id             = "a"
  integration_type   = "HTTP_PROXY"
  integration_method = "GET"
  integration_uri    = "http://pos.example.com/orders"
}
