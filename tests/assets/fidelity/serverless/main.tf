# Functions, their APIs and state machines.
resource "aws_iam_role" "function" {
  name = "function"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}

resource "aws_lambda_function" "zip" {
  function_name = "zip"
  role          = aws_iam_role.function.arn
  handler       = "index.handler"
  runtime       = "python3.12"
  s3_bucket     = "example-code"
  s3_key        = "zip.zip"
  environment {
    variables = { TABLE = "orders" }
  }
}

resource "aws_lambda_function" "full" {
  function_name                  = "full"
  role                           = aws_iam_role.function.arn
  handler                        = "index.handler"
  runtime                        = "nodejs20.x"
  filename                       = "full.zip"
  source_code_hash               = "3n7Qe2bY0Yb1n3x3Q6g8tH1nqf0aXbX0r8Y3p5kQm0E="
  memory_size                    = 256
  timeout                        = 30
  publish                        = true
  reserved_concurrent_executions = 5
  architectures                  = ["arm64"]
  layers                         = [aws_lambda_layer_version.shared.arn]
  tracing_config {
    mode = "Active"
  }
  vpc_config {
    subnet_ids         = ["subnet-11111111"]
    security_group_ids = ["sg-11111111"]
  }
  dead_letter_config {
    target_arn = "arn:aws:sqs:us-east-1:123456789012:dead"
  }
  ephemeral_storage {
    size = 1024
  }
  logging_config {
    log_format = "JSON"
  }
  tags = { Name = "full" }
}

resource "aws_lambda_function" "image" {
  function_name = "image"
  role          = aws_iam_role.function.arn
  package_type  = "Image"
  image_uri     = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app:latest"
}

resource "aws_lambda_layer_version" "shared" {
  layer_name          = "shared"
  s3_bucket           = "example-code"
  s3_key              = "layer.zip"
  compatible_runtimes = ["nodejs20.x"]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.full.function_name
  function_version = aws_lambda_function.full.version
}

resource "aws_lambda_permission" "api" {
  statement_id  = "AllowApi"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.zip.function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_api_gateway_rest_api.main.execution_arn}/*/*"
}

resource "aws_lambda_permission" "generated" {
  action        = "lambda:InvokeFunction"
  function_name = "zip"
  principal     = "events.amazonaws.com"
}

resource "aws_lambda_event_source_mapping" "queue" {
  event_source_arn = "arn:aws:sqs:us-east-1:123456789012:orders"
  function_name    = aws_lambda_function.zip.arn
  batch_size       = 10
  scaling_config {
    maximum_concurrency = 10
  }
}

resource "aws_lambda_event_source_mapping" "stream" {
  event_source_arn  = "arn:aws:kinesis:us-east-1:123456789012:stream/orders"
  function_name     = aws_lambda_function.zip.arn
  starting_position = "LATEST"
  destination_config {
    on_failure {
      destination_arn = "arn:aws:sqs:us-east-1:123456789012:dead"
    }
  }
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { a = [1] } })
    }
  }
}

resource "aws_lambda_function_url" "zip" {
  function_name      = aws_lambda_function.zip.function_name
  authorization_type = "NONE"
  cors {
    allow_origins = ["*"]
  }
}

resource "aws_lambda_function_event_invoke_config" "zip" {
  function_name          = aws_lambda_function.zip.function_name
  maximum_retry_attempts = 0
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_alias.live.function_name
  provisioned_concurrent_executions = 1
  qualifier                         = aws_lambda_alias.live.name
}

resource "aws_api_gateway_rest_api" "main" {
  name        = "main"
  description = "Ours"
}

resource "aws_api_gateway_rest_api" "regional" {
  name = "regional"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
  binary_media_types = ["image/png"]
}

resource "aws_api_gateway_resource" "orders" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  parent_id   = aws_api_gateway_rest_api.main.root_resource_id
  path_part   = "orders"
}

resource "aws_api_gateway_method" "post" {
  rest_api_id   = aws_api_gateway_rest_api.main.id
  resource_id   = aws_api_gateway_resource.orders.id
  http_method   = "POST"
  authorization = "NONE"
}

resource "aws_api_gateway_method" "get" {
  rest_api_id        = aws_api_gateway_rest_api.main.id
  resource_id        = aws_api_gateway_resource.orders.id
  http_method        = "GET"
  authorization      = "CUSTOM"
  authorizer_id      = aws_api_gateway_authorizer.main.id
  request_parameters = { "method.request.querystring.id" = true }
}

resource "aws_api_gateway_integration" "post" {
  rest_api_id             = aws_api_gateway_rest_api.main.id
  resource_id             = aws_api_gateway_resource.orders.id
  http_method             = aws_api_gateway_method.post.http_method
  integration_http_method = "POST"
  type                    = "AWS_PROXY"
  uri                     = aws_lambda_function.zip.invoke_arn
}

resource "aws_api_gateway_integration" "mock" {
  rest_api_id       = aws_api_gateway_rest_api.main.id
  resource_id       = aws_api_gateway_resource.orders.id
  http_method       = aws_api_gateway_method.get.http_method
  type              = "MOCK"
  request_templates = { "application/json" = "{\"statusCode\": 200}" }
}

resource "aws_api_gateway_method_response" "ok" {
  rest_api_id         = aws_api_gateway_rest_api.main.id
  resource_id         = aws_api_gateway_resource.orders.id
  http_method         = aws_api_gateway_method.get.http_method
  status_code         = "200"
  response_parameters = { "method.response.header.Access-Control-Allow-Origin" = true }
}

resource "aws_api_gateway_integration_response" "ok" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  resource_id = aws_api_gateway_resource.orders.id
  http_method = aws_api_gateway_method.get.http_method
  status_code = aws_api_gateway_method_response.ok.status_code
}

resource "aws_api_gateway_authorizer" "main" {
  name           = "main"
  rest_api_id    = aws_api_gateway_rest_api.main.id
  authorizer_uri = aws_lambda_function.zip.invoke_arn
}

resource "aws_api_gateway_deployment" "main" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  triggers    = { redeployment = sha1(jsonencode([aws_api_gateway_resource.orders.path_part])) }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_api_gateway_stage" "main" {
  deployment_id = aws_api_gateway_deployment.main.id
  rest_api_id   = aws_api_gateway_rest_api.main.id
  stage_name    = "prod"
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:123456789012:log-group:api"
    format          = "$context.requestId"
  }
}

resource "aws_api_gateway_method_settings" "all" {
  rest_api_id = aws_api_gateway_rest_api.main.id
  stage_name  = aws_api_gateway_stage.main.stage_name
  method_path = "*/*"
  settings {
    metrics_enabled = true
    logging_level   = "INFO"
  }
}

resource "aws_api_gateway_usage_plan" "main" {
  name = "main"
  api_stages {
    api_id = aws_api_gateway_rest_api.main.id
    stage  = aws_api_gateway_stage.main.stage_name
  }
  quota_settings {
    limit  = 1000
    period = "MONTH"
  }
  throttle_settings {
    burst_limit = 5
    rate_limit  = 10
  }
}

resource "aws_api_gateway_api_key" "main" {
  name = "main"
}

resource "aws_api_gateway_usage_plan_key" "main" {
  key_id        = aws_api_gateway_api_key.main.id
  key_type      = "API_KEY"
  usage_plan_id = aws_api_gateway_usage_plan.main.id
}

resource "aws_api_gateway_domain_name" "main" {
  domain_name              = "api.example.com"
  regional_certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "main" {
  api_id      = aws_api_gateway_rest_api.main.id
  stage_name  = aws_api_gateway_stage.main.stage_name
  domain_name = aws_api_gateway_domain_name.main.domain_name
}

resource "aws_api_gateway_gateway_response" "denied" {
  rest_api_id   = aws_api_gateway_rest_api.main.id
  response_type = "UNAUTHORIZED"
  status_code   = "401"
}

resource "aws_api_gateway_model" "order" {
  rest_api_id  = aws_api_gateway_rest_api.main.id
  name         = "Order"
  content_type = "application/json"
  schema       = jsonencode({ type = "object" })
}

resource "aws_api_gateway_request_validator" "body" {
  name                  = "body"
  rest_api_id           = aws_api_gateway_rest_api.main.id
  validate_request_body = true
}

resource "aws_api_gateway_account" "main" {
  cloudwatch_role_arn = "arn:aws:iam::123456789012:role/logs"
}

resource "aws_api_gateway_vpc_link" "main" {
  name        = "main"
  target_arns = ["arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/example/1234567890abcdef"]
}

resource "aws_apigatewayv2_api" "http" {
  name          = "http"
  protocol_type = "HTTP"
  cors_configuration {
    allow_origins = ["*"]
    allow_methods = ["GET", "POST"]
  }
}

resource "aws_apigatewayv2_api" "socket" {
  name                       = "socket"
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
}

resource "aws_apigatewayv2_integration" "http" {
  api_id                 = aws_apigatewayv2_api.http.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.zip.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_integration" "socket" {
  api_id             = aws_apigatewayv2_api.socket.id
  integration_type   = "AWS_PROXY"
  integration_method = "POST"
  integration_uri    = aws_lambda_function.zip.invoke_arn
}

resource "aws_apigatewayv2_route" "http" {
  api_id    = aws_apigatewayv2_api.http.id
  route_key = "GET /orders"
  target    = "integrations/${aws_apigatewayv2_integration.http.id}"
}

resource "aws_apigatewayv2_stage" "http" {
  api_id      = aws_apigatewayv2_api.http.id
  name        = "$default"
  auto_deploy = true
  access_log_settings {
    destination_arn = "arn:aws:logs:us-east-1:123456789012:log-group:api"
    format          = jsonencode({ id = "$context.requestId" })
  }
}

resource "aws_apigatewayv2_stage" "socket" {
  api_id = aws_apigatewayv2_api.socket.id
  name   = "prod"
  default_route_settings {
    throttling_burst_limit = 100
    throttling_rate_limit  = 50
  }
  route_settings {
    route_key     = "$connect"
    logging_level = "INFO"
  }
}

resource "aws_apigatewayv2_authorizer" "jwt" {
  api_id           = aws_apigatewayv2_api.http.id
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  name             = "jwt"
  jwt_configuration {
    audience = ["example"]
    issuer   = "https://example.com"
  }
}

resource "aws_apigatewayv2_deployment" "socket" {
  api_id = aws_apigatewayv2_api.socket.id
}

resource "aws_apigatewayv2_domain_name" "main" {
  domain_name = "http.example.com"
  domain_name_configuration {
    certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
    endpoint_type   = "REGIONAL"
    security_policy = "TLS_1_2"
  }
}

resource "aws_apigatewayv2_api_mapping" "main" {
  api_id      = aws_apigatewayv2_api.http.id
  domain_name = aws_apigatewayv2_domain_name.main.id
  stage       = aws_apigatewayv2_stage.http.id
}

resource "aws_sfn_state_machine" "main" {
  name     = "main"
  role_arn = aws_iam_role.function.arn
  definition = jsonencode({
    StartAt = "A"
    States  = { A = { Type = "Task", Resource = aws_lambda_function.zip.arn, End = true } }
  })
}

resource "aws_sfn_state_machine" "express" {
  name_prefix = "express-"
  role_arn    = aws_iam_role.function.arn
  type        = "EXPRESS"
  definition  = jsonencode({ StartAt = "A", States = { A = { Type = "Task", Resource = aws_lambda_function.full.arn, End = true } } })
  logging_configuration {
    log_destination        = "arn:aws:logs:us-east-1:123456789012:log-group:sfn:*"
    include_execution_data = true
    level                  = "ERROR"
  }
}

resource "aws_sfn_activity" "main" {
  name = "main"
}

resource "aws_appsync_graphql_api" "main" {
  authentication_type = "API_KEY"
  name                = "main"
}

resource "aws_appsync_datasource" "none" {
  api_id = aws_appsync_graphql_api.main.id
  name   = "none"
  type   = "NONE"
}

resource "aws_scheduler_schedule" "main" {
  name                = "main"
  schedule_expression = "rate(1 hours)"
  flexible_time_window {
    mode = "OFF"
  }
  target {
    arn      = "arn:aws:sqs:us-east-1:123456789012:orders"
    role_arn = aws_iam_role.function.arn
  }
}

resource "aws_cloudwatch_event_rule" "hourly" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
}

resource "aws_cloudwatch_event_rule" "pattern" {
  name_prefix   = "pattern-"
  description   = "Logins"
  event_pattern = jsonencode({ detail-type = ["AWS Console Sign In via CloudTrail"] })
}

resource "aws_cloudwatch_event_target" "hourly" {
  rule      = aws_cloudwatch_event_rule.hourly.name
  target_id = "function"
  arn       = aws_lambda_function.zip.arn
}

resource "aws_cloudwatch_event_target" "transformed" {
  rule = aws_cloudwatch_event_rule.pattern.name
  arn  = "arn:aws:sqs:us-east-1:123456789012:orders"
  input_transformer {
    input_paths    = { who = "$.detail.user" }
    input_template = "\"<who>\""
  }
  retry_policy {
    maximum_event_age_in_seconds = 60
  }
}

resource "aws_cloudwatch_event_bus" "main" {
  name = "main"
}

resource "aws_cloudwatch_event_archive" "main" {
  name             = "main"
  event_source_arn = aws_cloudwatch_event_bus.main.arn
}

resource "aws_pipes_pipe" "main" {
  name     = "main"
  role_arn = aws_iam_role.function.arn
  source   = "arn:aws:sqs:us-east-1:123456789012:source"
  target   = "arn:aws:sqs:us-east-1:123456789012:target"
}
