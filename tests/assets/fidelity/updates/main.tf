# What happens to resources that exist: some change, some are replaced, some stay, one goes.
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "main", Team = "a" }
}

resource "aws_vpc" "same" {
  cidr_block           = "10.1.0.0/16"
  enable_dns_hostnames = true
  tags                 = { Name = "same" }
}

resource "aws_subnet" "replaced" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.3.0/24"
}

resource "aws_subnet" "retagged" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.2.0/24"
  tags       = { Name = "b" }
}

resource "aws_security_group" "rules" {
  name   = "rules"
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 80
    to_port     = 80
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    description = "tls"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "described" {
  name        = "described"
  description = "new"
  vpc_id      = aws_vpc.main.id
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  security_group_id = aws_security_group.rules.id
  cidr_ipv4         = "10.0.0.0/8"
  from_port         = 8443
  to_port           = 8443
  ip_protocol       = "tcp"
}

resource "aws_instance" "resized" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.large"
  subnet_id     = aws_subnet.retagged.id
  tags          = { Name = "resized" }
}

resource "aws_instance" "rebuilt" {
  ami           = "ami-1123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.retagged.id
}

resource "aws_instance" "follower" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  subnet_id     = aws_subnet.replaced.id
  user_data     = "two"
}

resource "aws_eip" "rebuilt" {
  instance = aws_instance.rebuilt.id
  domain   = "vpc"
}

resource "aws_s3_bucket" "named" {
  bucket = "example-second-name"
}

resource "aws_s3_bucket" "retagged" {
  bucket = "example-retagged"
  tags   = { A = "2", B = "3" }
}

resource "aws_s3_bucket" "untagged" {
  bucket = "example-untagged"
}

resource "aws_s3_bucket_versioning" "named" {
  bucket = aws_s3_bucket.named.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "named" {
  bucket = aws_s3_bucket.retagged.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = ["s3:GetObject", "s3:PutObject"], Resource = "arn:aws:s3:::example-retagged/*" }] })
}

resource "aws_s3_bucket_lifecycle_configuration" "rules" {
  bucket = aws_s3_bucket.retagged.id
  rule {
    id     = "a"
    status = "Enabled"
    filter {
      prefix = "a/"
    }
    expiration {
      days = 60
    }
  }
  rule {
    id     = "b"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_iam_role" "app" {
  name        = "app"
  description = "The application"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role" "renamed" {
  name = "second"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Action = "sts:AssumeRole", Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" } }]
  })
}

resource "aws_iam_role_policy_attachment" "renamed" {
  role       = aws_iam_role.renamed.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_policy" "app" {
  name   = "app"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_lambda_function" "code" {
  function_name    = "code"
  role             = aws_iam_role.app.arn
  handler          = "index.handler"
  runtime          = "python3.11"
  s3_bucket        = "example-code"
  s3_key           = "one.zip"
  source_code_hash = "bbbb"
  publish          = true
}

resource "aws_lambda_function" "settings" {
  function_name = "settings"
  role          = aws_iam_role.app.arn
  handler       = "index.handler"
  runtime       = "python3.11"
  s3_bucket     = "example-code"
  s3_key        = "one.zip"
  memory_size   = 256
  environment {
    variables = { A = "1", B = aws_s3_bucket.named.arn }
  }
}

resource "aws_lambda_alias" "code" {
  name             = "live"
  function_name    = aws_lambda_function.code.function_name
  function_version = aws_lambda_function.code.version
}

resource "aws_dynamodb_table" "billing" {
  name           = "billing"
  billing_mode   = "PROVISIONED"
  read_capacity  = 5
  write_capacity = 5
  hash_key       = "id"
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "key" {
  name         = "key"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "code"
  attribute {
    name = "code"
    type = "S"
  }
}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
}

resource "aws_sqs_queue" "renamed" {
  name = "second"
}

resource "aws_sns_topic" "orders" {
  name         = "orders"
  display_name = "Orders"
}

resource "aws_sns_topic_subscription" "orders" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.renamed.arn
}

resource "aws_db_instance" "main" {
  identifier          = "main"
  allocated_storage   = 40
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  username            = "app"
  password            = "not-a-secret-1"
  skip_final_snapshot = true
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = jsonencode([{ name = "web", image = "nginx:2", memory = 128 }])
}

resource "aws_ecs_service" "web" {
  name            = "web"
  cluster         = "main"
  task_definition = aws_ecs_task_definition.web.arn
  desired_count   = 3
}

resource "aws_cloudwatch_log_group" "app" {
  name              = "/app"
  retention_in_days = 30
}

resource "aws_kms_key" "main" {
  description         = "new"
  enable_key_rotation = true
}

resource "aws_route53_record" "www" {
  zone_id = "Z0123456789ABCDEFGHIJ"
  name    = "www.example.com"
  type    = "A"
  ttl     = 60
  records = ["198.51.100.8"]
}

resource "aws_launch_template" "app" {
  name          = "app"
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.small"
}

resource "aws_autoscaling_group" "app" {
  name                = "app"
  min_size            = 1
  max_size            = 5
  vpc_zone_identifier = [aws_subnet.retagged.id]
  launch_template {
    id      = aws_launch_template.app.id
    version = aws_launch_template.app.latest_version
  }
}

resource "aws_ssm_parameter" "value" {
  name  = "value"
  type  = "String"
  value = "two"
}

resource "aws_secretsmanager_secret_version" "value" {
  secret_id     = "example"
  secret_string = "not-a-secret-2"
}

resource "aws_api_gateway_deployment" "main" {
  rest_api_id = "abcdefghij"
  triggers    = { redeployment = "2" }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb" "app" {
  name         = "app"
  idle_timeout = 120
  subnets      = ["subnet-11111111", "subnet-22222222"]
}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}
