resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_security_group" "unkset" {
  vpc_id = aws_vpc.v.id
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = [aws_vpc.v.id]
  }
  ingress {
    from_port   = 81
    to_port     = 81
    protocol    = "tcp"
    cidr_blocks = [aws_vpc.v.id, "10.0.0.0/8"]
  }
}
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::123456789012:role/x"
  handler       = "a.b"
  runtime       = "python3.12"
  filename      = "function.zip"
  layers        = [aws_vpc.v.arn, "arn:aws:lambda:us-east-1:123456789012:layer:x:1"]
  architectures = []
  environment { variables = {} }
  vpc_config {
    subnet_ids         = []
    security_group_ids = []
  }
}
resource "aws_lambda_function" "g" {
  function_name = "g"
  role          = "arn:aws:iam::123456789012:role/x"
  handler       = "x"
  runtime       = "python3.12"
  filename      = "function.zip"
  description   = ""
  layers        = []
  environment {}
}
resource "aws_cloudwatch_metric_alarm" "a" {
  alarm_name                = "a"
  comparison_operator       = "GreaterThanThreshold"
  evaluation_periods        = 1
  threshold                 = 1
  alarm_actions             = []
  ok_actions                = [aws_vpc.v.arn]
  insufficient_data_actions = null
  metric_query {
    id          = "e"
    expression  = "m1"
    return_data = true
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "x"
      period      = 60
      stat        = "Sum"
      dimensions  = { A = aws_vpc.v.id, B = "c" }
    }
  }
  metric_query {
    id = "m2"
    metric {
      metric_name = "x"
      period      = 60
      stat        = "Sum"
    }
  }
}
resource "aws_lb_listener_rule" "r" {
  listener_arn = aws_vpc.v.arn
  action {
    type = "fixed-response"
    fixed_response { content_type = "text/plain" }
  }
  action {
    type = "forward"
    forward {
      target_group {
        arn = aws_vpc.v.arn
      }
    }
  }
  condition {
    path_pattern { values = ["/a"] }
  }
  condition {
    host_header { values = [aws_vpc.v.id] }
  }
  condition {
    query_string { value = "x" }
  }
}
resource "aws_autoscaling_group" "a" {
  max_size             = 1
  min_size             = 1
  launch_configuration = "x"
  availability_zones   = ["us-east-1a"]
  tag {
    key                 = "a"
    value               = aws_vpc.v.id
    propagate_at_launch = true
  }
  tag {
    key                 = "b"
    value               = "c"
    propagate_at_launch = true
  }
  initial_lifecycle_hook {
    name                 = "x"
    lifecycle_transition = "autoscaling:EC2_INSTANCE_LAUNCHING"
  }
  load_balancers    = []
  target_group_arns = []
  enabled_metrics   = ["GroupMinSize", aws_vpc.v.id]
}
resource "aws_instance" "i" {
  ami             = "ami-1"
  instance_type   = "t3.micro"
  security_groups = []
  ebs_block_device {
    device_name = "a"
    tags        = { A = "b" }
  }
  ephemeral_block_device {
    device_name  = "x"
    virtual_name = "y"
  }
  network_interface {
    network_interface_id = aws_vpc.v.id
    device_index         = 0
  }
}
resource "aws_iam_role" "r" {
  assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
  managed_policy_arns = []
  inline_policy {}
  tags        = null
  description = ""
  path        = "/"
}
resource "aws_iam_role" "r2" {
  assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
  managed_policy_arns = [aws_vpc.v.arn]
  inline_policy {
    name   = "x"
    policy = jsonencode({ Statement = [] })
  }
  inline_policy {
    name   = "y"
    policy = jsonencode({ Statement = [{ Resource = aws_vpc.v.arn }] })
  }
}
resource "aws_s3_bucket" "b" {
  bucket = ""
}
resource "aws_s3_bucket_cors_configuration" "c" {
  bucket = "b"
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = [aws_vpc.v.id]
    max_age_seconds = 3
  }
}
resource "aws_network_acl" "n" {
  vpc_id     = aws_vpc.v.id
  subnet_ids = []
  ingress {
    rule_no   = 1
    action    = "allow"
    protocol  = "tcp"
    from_port = 0
    to_port   = 0
  }
}
resource "aws_codepipeline" "p" {
  name     = "p"
  role_arn = aws_vpc.v.arn
  artifact_store {
    location = "x"
    type     = "S3"
    encryption_key {
      id   = "x"
      type = "KMS"
    }
  }
  stage {
    name = "Source"
    action {
      name             = "S"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeCommit"
      version          = "1"
      output_artifacts = ["a"]
      configuration    = { RepositoryName = aws_vpc.v.id, BranchName = "m" }
    }
  }
  stage {
    name = "Build"
    action {
      name            = "S"
      category        = "Build"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["a"]
      configuration   = { ProjectName = "x" }
    }
  }
}
resource "aws_codebuild_project" "p" {
  name         = "p"
  service_role = aws_vpc.v.arn
  artifacts { type = "NO_ARTIFACTS" }
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "x"
    type         = "LINUX_CONTAINER"
    environment_variable {
      name  = "A"
      value = aws_vpc.v.id
    }
    environment_variable {
      name  = "B"
      value = ""
    }
  }
  source { type = "NO_SOURCE" }
}
resource "aws_dynamodb_table" "t" {
  name         = "t"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "u"
    type = "S"
  }
  global_secondary_index {
    name               = "g"
    hash_key           = "u"
    projection_type    = "INCLUDE"
    non_key_attributes = [aws_vpc.v.id]
  }
  local_secondary_index {
    name            = "l"
    range_key       = "u"
    projection_type = "KEYS_ONLY"
  }
  range_key = "id"
}
resource "aws_elasticsearch_domain" "e" {
  domain_name      = "eee"
  advanced_options = { a = null, b = aws_vpc.v.id }
  cluster_config {}
  ebs_options { ebs_enabled = false }
}
resource "aws_ecs_service" "s" {
  name            = "s"
  task_definition = "x"
  load_balancer {
    container_name   = "a"
    container_port   = 1
    target_group_arn = aws_vpc.v.arn
  }
  capacity_provider_strategy {
    capacity_provider = "FARGATE"
  }
}
resource "aws_wafv2_ip_set" "s" {
  name               = "s"
  scope              = "REGIONAL"
  ip_address_version = "IPV4"
  addresses          = []
}
resource "aws_sns_topic_policy" "p" {
  arn    = aws_vpc.v.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Resource = aws_vpc.v.arn }] })
}
resource "aws_ssm_document" "d" {
  name          = "doc"
  document_type = "Command"
  content       = "{}"
  attachments_source {
    key    = "SourceUrl"
    values = ["x", aws_vpc.v.id]
  }
  permissions = { type = "Share", account_ids = "All" }
}
resource "aws_glue_catalog_table" "t" {
  name          = "t"
  database_name = "d"
  parameters    = { a = aws_vpc.v.id }
  storage_descriptor {
    columns {
      name = "a"
    }
    columns {
      name       = "b"
      parameters = {}
    }
    ser_de_info {
      parameters = { x = "1" }
    }
  }
}
