# Logs, alarms, trails and rules.
resource "aws_cloudwatch_log_group" "app" {
  name              = "/app"
  retention_in_days = 14
}

resource "aws_cloudwatch_log_group" "plain" {
  name_prefix = "plain-"
  kms_key_id  = "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"
}

resource "aws_cloudwatch_log_stream" "app" {
  name           = "app"
  log_group_name = aws_cloudwatch_log_group.app.name
}

resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "errors"
  pattern        = "ERROR"
  log_group_name = aws_cloudwatch_log_group.app.name
  metric_transformation {
    name      = "errors"
    namespace = "app"
    value     = "1"
  }
}

resource "aws_cloudwatch_log_subscription_filter" "all" {
  name            = "all"
  log_group_name  = aws_cloudwatch_log_group.app.name
  filter_pattern  = ""
  destination_arn = "arn:aws:lambda:us-east-1:123456789012:function:logs"
}

resource "aws_cloudwatch_log_resource_policy" "dns" {
  policy_name     = "dns"
  policy_document = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "route53.amazonaws.com" }, Action = "logs:PutLogEvents", Resource = "*" }] })
}

resource "aws_cloudwatch_metric_alarm" "cpu" {
  alarm_name          = "cpu"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 2
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  period              = 120
  statistic           = "Average"
  threshold           = 80
  alarm_description   = "busy"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  dimensions          = { InstanceId = "i-0123456789abcdef0" }
}

resource "aws_cloudwatch_metric_alarm" "rate" {
  alarm_name          = "rate"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  threshold           = 10.5
  treat_missing_data  = "notBreaching"
  metric_query {
    id          = "e1"
    expression  = "m2/m1*100"
    label       = "Error Rate"
    return_data = true
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "RequestCount"
      namespace   = "AWS/ApplicationELB"
      period      = 120
      stat        = "Sum"
      unit        = "Count"
      dimensions  = { LoadBalancer = "app/web" }
    }
  }
  metric_query {
    id = "m2"
    metric {
      metric_name = "HTTPCode_ELB_5XX_Count"
      namespace   = "AWS/ApplicationELB"
      period      = 120
      stat        = "Sum"
    }
  }
}

resource "aws_cloudwatch_composite_alarm" "both" {
  alarm_name = "both"
  alarm_rule = "ALARM(cpu) AND ALARM(rate)"
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = "main"
  dashboard_body = jsonencode({ widgets = [{ type = "text", x = 0, y = 0, width = 3, height = 3, properties = { markdown = "Hello" } }] })
}

resource "aws_sns_topic" "alarms" {
  name = "alarms"
}

resource "aws_cloudtrail" "main" {
  name                          = "main"
  s3_bucket_name                = "example-trail"
  include_global_service_events = true
  is_multi_region_trail         = true
  enable_log_file_validation    = true
  event_selector {
    read_write_type           = "All"
    include_management_events = true
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}

resource "aws_config_configuration_recorder" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/config"
  recording_group {
    all_supported                 = true
    include_global_resource_types = true
  }
}

resource "aws_config_delivery_channel" "main" {
  name           = "main"
  s3_bucket_name = "example-config"
  depends_on     = [aws_config_configuration_recorder.main]
}

resource "aws_config_configuration_recorder_status" "main" {
  name       = aws_config_configuration_recorder.main.name
  is_enabled = true
}

resource "aws_config_config_rule" "versioning" {
  name = "versioning"
  source {
    owner             = "AWS"
    source_identifier = "S3_BUCKET_VERSIONING_ENABLED"
  }
}

resource "aws_budgets_budget" "cost" {
  name         = "cost"
  budget_type  = "COST"
  limit_amount = "100"
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  notification {
    comparison_operator        = "GREATER_THAN"
    threshold                  = 80
    threshold_type             = "PERCENTAGE"
    notification_type          = "FORECASTED"
    subscriber_email_addresses = ["someone@example.com"]
  }
}

resource "aws_synthetics_canary" "main" {
  name                 = "main"
  artifact_s3_location = "s3://example/canary"
  execution_role_arn   = "arn:aws:iam::123456789012:role/canary"
  handler              = "index.handler"
  s3_bucket            = "example"
  s3_key               = "canary.zip"
  runtime_version      = "syn-nodejs-puppeteer-9.1"
  schedule {
    expression = "rate(5 minutes)"
  }
}

resource "aws_xray_sampling_rule" "main" {
  rule_name      = "main"
  priority       = 1000
  version        = 1
  reservoir_size = 1
  fixed_rate     = 0.05
  url_path       = "*"
  host           = "*"
  http_method    = "*"
  service_type   = "*"
  service_name   = "*"
  resource_arn   = "*"
}

resource "aws_ssm_parameter" "plain" {
  name  = "/app/plain"
  type  = "String"
  value = "hello"
}

resource "aws_ssm_parameter" "secret" {
  name        = "/app/secret"
  description = "hidden"
  type        = "SecureString"
  value       = "not-a-secret"
  overwrite   = true
}

resource "aws_ssm_document" "run" {
  name          = "run"
  document_type = "Command"
  content       = jsonencode({ schemaVersion = "2.2", description = "x", parameters = {}, mainSteps = [{ action = "aws:runShellScript", name = "a", inputs = { runCommand = ["ls"] } }] })
}

resource "aws_ssm_association" "run" {
  name = aws_ssm_document.run.name
  targets {
    key    = "tag:Name"
    values = ["web"]
  }
}

resource "aws_ssm_maintenance_window" "night" {
  name     = "night"
  schedule = "cron(0 16 ? * TUE *)"
  duration = 3
  cutoff   = 1
}

resource "aws_resourcegroups_group" "app" {
  name = "app"
  resource_query {
    query = jsonencode({ ResourceTypeFilters = ["AWS::EC2::Instance"], TagFilters = [{ Key = "Stage", Values = ["Test"] }] })
  }
}

resource "aws_prometheus_workspace" "main" {
  alias = "main"
}

resource "aws_grafana_workspace" "main" {
  account_access_type      = "CURRENT_ACCOUNT"
  authentication_providers = ["SAML"]
  permission_type          = "SERVICE_MANAGED"
}
