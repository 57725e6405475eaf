resource "terraform_data" "later" {
  input = "NONE"
}

resource "aws_api_gateway_method" "pass_iam" {
  rest_api_id   = "a"
  resource_id   = "a"
  http_method   = "POST"
  authorization = "AWS_IAM"
}

resource "aws_api_gateway_method" "pass_preflight" {
  rest_api_id   = "a"
  resource_id   = "a"
  http_method   = "OPTIONS"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "fail_none" {
  rest_api_id   = "a"
  resource_id   = "a"
  http_method   = "POST"
  authorization = "NONE"
}

# A key counts calls; it does not say who calls.
resource "aws_api_gateway_method" "fail_key_alone" {
  rest_api_id      = "a"
  resource_id      = "a"
  http_method      = "ANY"
  authorization    = "NONE"
  api_key_required = true
}

resource "aws_api_gateway_method" "unknown_kind" {
  rest_api_id   = "a"
  resource_id   = "a"
  http_method   = "POST"
  authorization = terraform_data.later.output
}

resource "aws_apigatewayv2_api" "websocket" {
  name                       = "websocket"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_api" "http" {
  name          = "http"
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_route" "pass_connect" {
  api_id             = aws_apigatewayv2_api.websocket.id
  route_key          = "$connect"
  authorization_type = "AWS_IAM"
}

resource "aws_apigatewayv2_route" "fail_connect" {
  api_id    = aws_apigatewayv2_api.websocket.id
  route_key = "$connect"
}

# Whoever gets here has been let in by $connect.
resource "aws_apigatewayv2_route" "pass_message" {
  api_id             = aws_apigatewayv2_api.websocket.id
  route_key          = "sendmessage"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_route" "fail_http" {
  api_id             = aws_apigatewayv2_api.http.id
  route_key          = "POST /orders"
  authorization_type = "NONE"
}

resource "aws_apigatewayv2_route" "pass_http_preflight" {
  api_id    = aws_apigatewayv2_api.http.id
  route_key = "OPTIONS /{proxy+}"
}

resource "aws_apigatewayv2_route" "pass_token" {
  api_id             = aws_apigatewayv2_api.http.id
  route_key          = "GET /orders"
  authorization_type = "JWT"
  authorizer_id      = "a"
}

# Whoever names a target gets a route to it for everybody.
resource "aws_apigatewayv2_api" "fail_quick" {
  name          = "quick"
  protocol_type = "HTTP"
  target        = "arn:aws:lambda:eu-west-1:123456789012:function:a"
}

resource "aws_appsync_graphql_api" "fail_key" {
  name                = "a"
  authentication_type = "API_KEY"
}

resource "aws_appsync_graphql_api" "fail_second_way" {
  name                = "b"
  authentication_type = "AWS_IAM"

  additional_authentication_provider {
    authentication_type = "API_KEY"
  }
}

resource "aws_appsync_graphql_api" "pass_iam" {
  name                = "c"
  authentication_type = "AWS_IAM"
}
