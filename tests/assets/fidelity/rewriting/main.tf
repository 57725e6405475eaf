locals {
  d = "{ \"Version\": \"2012-10-17\",\n \"Statement\": [ { \"Sid\": \"a<b>&\", \"Effect\": \"Allow\", \"Action\": [\"s3:Get*\"], \"Resource\": [\"*\"], \"Principal\": \"*\", \"N\": 1.0, \"M\": 1.50 } ] }"
  j = "{ \"b\": 1, \"a\": [ ] }"
  e = "{}"
}
resource "aws_api_gateway_domain_name" "a" {
  domain_name = "x.example.com"
  policy      = local.d
}
resource "aws_api_gateway_model" "a" {
  name         = "x"
  rest_api_id  = "x"
  content_type = "a"
  schema       = local.j
}
resource "aws_api_gateway_rest_api_policy" "a" {
  rest_api_id = "x"
  policy      = local.d
}
resource "aws_cloudwatch_event_rule" "a" { event_pattern = "{ \"source\": [ \"b\" ], \"a\": [\"x\"] }" }
resource "aws_cloudwatch_log_resource_policy" "a" {
  policy_name     = "x"
  policy_document = local.d
}
resource "aws_ecr_lifecycle_policy" "a" {
  repository = "r"
  policy     = "{ \"rules\": [ { \"selection\": {\"tagStatus\": \"any\", \"countType\": \"imageCountMoreThan\", \"countNumber\": 3}, \"rulePriority\": 1, \"action\": { \"type\": \"expire\" } } ] }"
}
resource "aws_ecr_repository_policy" "a" {
  repository = "r"
  policy     = local.d
}
resource "aws_iam_group_policy" "a" {
  group  = "r"
  policy = local.d
}
resource "aws_iam_user_policy" "a" {
  user   = "r"
  policy = local.d
}
resource "aws_iam_policy" "a" { policy = local.d }
resource "aws_iam_policy" "e" { policy = local.e }
resource "aws_iam_role" "a" {
  assume_role_policy = local.d
  inline_policy {
    name   = "x"
    policy = local.d
  }
}
resource "aws_kms_key_policy" "a" {
  key_id = "x"
  policy = local.d
}
resource "aws_kms_key" "e" { policy = local.e }
resource "aws_opensearch_domain" "a" {
  domain_name     = "abc"
  access_policies = local.d
}
resource "aws_s3_bucket" "a" {
  policy = local.d
  website {
    routing_rules  = "[ {\"b\": 1, \"a\": 2} ]"
    index_document = "x"
  }
}
resource "aws_s3_bucket_website_configuration" "a" {
  bucket = "x"
  index_document { suffix = "x" }
  routing_rules = "[ {\"b\": 1, \"a\": 2} ]"
}
resource "aws_s3_bucket_policy" "e" {
  bucket = "x"
  policy = "{}"
}
resource "aws_secretsmanager_secret" "a" { policy = local.d }
resource "aws_secretsmanager_secret_policy" "a" {
  secret_arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"
  policy     = local.d
}
resource "aws_secretsmanager_secret" "e" { policy = local.e }
resource "aws_sns_topic" "a" {
  policy          = local.d
  delivery_policy = local.j
}
resource "aws_sns_topic_policy" "a" {
  arn    = "arn:aws:sns:us-east-1:123456789012:x"
  policy = local.d
}
resource "aws_sns_topic_subscription" "a" {
  topic_arn       = "arn:aws:sns:us-east-1:123456789012:x"
  protocol        = "sqs"
  endpoint        = "x"
  filter_policy   = local.j
  redrive_policy  = local.j
  delivery_policy = local.j
}
resource "aws_sqs_queue" "a" {
  policy               = local.d
  redrive_policy       = local.j
  redrive_allow_policy = local.j
}
resource "aws_sqs_queue" "e" {
  policy         = local.e
  redrive_policy = ""
}
resource "aws_sqs_queue_policy" "a" {
  queue_url = "x"
  policy    = local.d
}
resource "aws_sqs_queue_redrive_policy" "a" {
  queue_url      = "x"
  redrive_policy = local.j
}
resource "aws_sqs_queue_redrive_allow_policy" "a" {
  queue_url            = "x"
  redrive_allow_policy = local.j
}
resource "aws_vpc_endpoint" "a" {
  vpc_id       = "vpc-1"
  service_name = "x"
  policy       = local.d
}
resource "aws_lambda_event_source_mapping" "a" {
  function_name    = "x"
  event_source_arn = "arn:aws:sqs:us-east-1:123456789012:x"
  filter_criteria {
    filter { pattern = local.j }
  }
}
resource "aws_ecs_task_definition" "a" {
  family                = "a"
  container_definitions = "[ { \"name\": \"z\", \"image\": \"i\", \"command\": [], \"secrets\": [{\"name\":\"B\",\"valueFrom\":\"x\"},{\"name\":\"A\",\"valueFrom\":\"y\"}] }, { \"name\": \"b\", \"image\": \"i\" , \"cpu\": 0, \"essential\": true, \"portMappings\": [{\"containerPort\": 80, \"protocol\": \"tcp\", \"hostPort\": 80}], \"environment\":[]} ]"
}
resource "aws_dynamodb_table" "a" {
  name             = "a"
  hash_key         = "a"
  billing_mode     = "PAY_PER_REQUEST"
  stream_enabled   = true
  stream_view_type = "NEW_IMAGE"
  attribute {
    name = "a"
    type = "S"
  }
}
resource "aws_lb_listener" "a" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/x/1"
  protocol          = "https"
  certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/x"
  default_action {
    type = "redirect"
    redirect {
      status_code = "HTTP_301"
      protocol    = "HTTPS"
    }
  }
}
resource "aws_lb_target_group" "l" { target_type = "lambda" }
resource "aws_lb_target_group" "t" {
  port     = 80
  protocol = "TCP"
  vpc_id   = "vpc-1"
  stickiness { type = "source_ip" }
}
resource "aws_instance" "b" {
  ami           = "ami-1"
  instance_type = "t3.micro"
  user_data     = base64encode("hello")
  network_interface {
    network_interface_id = "eni-1"
    device_index         = 0
  }
}
resource "aws_instance" "c" {
  instance_type = "t3.micro"
  launch_template { name = "xyz" }
}
resource "aws_autoscaling_group" "a" {
  max_size = 1
  min_size = 1
  launch_template { name = "xyz" }
}
resource "aws_security_group_rule" "a" {
  security_group_id = "x"
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "all"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_security_group_rule" "b" {
  security_group_id = "x"
  type              = "egress"
  from_port         = 0
  to_port           = 0
  protocol          = "58"
  cidr_blocks       = ["0.0.0.0/0"]
}
resource "aws_ssm_parameter" "a" {
  name           = "a"
  type           = "String"
  insecure_value = "x"
}
resource "aws_ssm_parameter" "b" {
  name             = "a"
  type             = "SecureString"
  value_wo         = "x"
  value_wo_version = 1
}
resource "aws_s3_bucket_acl" "a" {
  bucket = "x"
  acl    = "private"
}
resource "aws_sqs_queue" "m" {
  sqs_managed_sse_enabled = true
}
resource "aws_vpc" "six" {
  cidr_block                       = "10.0.0.0/16"
  assign_generated_ipv6_cidr_block = true
}
resource "aws_elasticache_parameter_group" "a" {
  name   = "Abc"
  family = "redis7"
}
resource "aws_db_instance" "a" {
  instance_class     = "db.t3.micro"
  engine             = "MySQL"
  maintenance_window = "Mon:03:00-Mon:04:00"
}
resource "aws_route53_record" "a" {
  zone_id = "x"
  name    = "A.example.com."
  type    = "A"
  alias {
    name                   = "X.example.com."
    zone_id                = "y"
    evaluate_target_health = false
  }
}
resource "aws_cloudwatch_log_metric_filter" "a" {
  name           = "x"
  log_group_name = "y"
  pattern        = " ERROR "
  metric_transformation {
    name      = "a"
    namespace = "b"
    value     = "1"
  }
}
resource "aws_batch_job_definition" "a" {
  name                 = "a"
  type                 = "container"
  container_properties = "{ \"image\": \"x\", \"command\": [], \"vcpus\": 1, \"memory\": 1, \"environment\": [{\"value\":\"1\",\"name\":\"b\"}] }"
}
resource "aws_sfn_state_machine" "u" {
  name       = "m"
  role_arn   = "arn:aws:iam::123456789012:role/x"
  definition = jsonencode({ a = aws_vpc.six.id })
}
resource "aws_eks_pod_identity_association" "a" {
  cluster_name    = "a"
  namespace       = "b"
  service_account = "c"
  role_arn        = "arn:aws:iam::123456789012:role/x"
}
resource "aws_batch_job_queue" "a" {
  name                 = "a"
  priority             = 1
  state                = "ENABLED"
  compute_environments = ["arn:aws:batch:us-east-1:123456789012:compute-environment/x"]
  tags                 = { A = "b" }
}
resource "aws_opensearchserverless_collection" "a" {
  name = "abc"
  tags = {}
}
resource "aws_ec2_instance_connect_endpoint" "a" {
  subnet_id = "x"
  tags      = { A = aws_vpc.six.id }
}
resource "aws_bedrock_guardrail" "a" {
  name                      = "a"
  blocked_input_messaging   = "x"
  blocked_outputs_messaging = "y"
}
