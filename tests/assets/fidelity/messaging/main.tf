# Queues, topics and streams.
resource "aws_sqs_queue" "plain" {}

resource "aws_sqs_queue" "orders" {
  name                       = "orders"
  visibility_timeout_seconds = 60
  redrive_policy             = jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 5 })
  tags                       = { Name = "orders" }
}

resource "aws_sqs_queue" "dead" {
  name                      = "dead"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue" "fifo" {
  name                        = "orders.fifo"
  fifo_queue                  = true
  content_based_deduplication = true
  kms_master_key_id           = "alias/aws/sqs"
}

resource "aws_sqs_queue" "policy" {
  name = "policy"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }]
  })
}

resource "aws_sqs_queue_policy" "orders" {
  queue_url = aws_sqs_queue.orders.id
  policy    = data.aws_iam_policy_document.send.json
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url            = aws_sqs_queue.dead.id
  redrive_allow_policy = jsonencode({ redrivePermission = "allowAll" })
}

data "aws_iam_policy_document" "send" {
  statement {
    sid       = "Send"
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.orders.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.orders.arn]
    }
  }
}

resource "aws_sns_topic" "orders" {
  name = "orders"
}

resource "aws_sns_topic" "fifo" {
  name                        = "orders.fifo"
  fifo_topic                  = true
  content_based_deduplication = true
  display_name                = "Orders"
  kms_master_key_id           = "alias/aws/sns"
}

resource "aws_sns_topic" "generated" {}

resource "aws_sns_topic_policy" "orders" {
  arn    = aws_sns_topic.orders.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "SNS:Publish", Resource = "*" }] })
}

resource "aws_sns_topic_subscription" "queue" {
  topic_arn            = aws_sns_topic.orders.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.orders.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ kind = ["order"] })
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "email"
  endpoint  = "someone@example.com"
}

resource "aws_kinesis_stream" "orders" {
  name             = "orders"
  shard_count      = 2
  retention_period = 48
  encryption_type  = "KMS"
  kms_key_id       = "alias/aws/kinesis"
}

resource "aws_kinesis_stream" "on_demand" {
  name = "on-demand"
  stream_mode_details {
    stream_mode = "ON_DEMAND"
  }
}

resource "aws_kinesis_stream_consumer" "main" {
  name       = "main"
  stream_arn = aws_kinesis_stream.orders.arn
}

resource "aws_kinesis_firehose_delivery_stream" "s3" {
  name        = "s3"
  destination = "extended_s3"
  extended_s3_configuration {
    role_arn   = "arn:aws:iam::123456789012:role/firehose"
    bucket_arn = "arn:aws:s3:::example"
    prefix     = "data/"
  }
}

resource "aws_kinesis_firehose_delivery_stream" "http" {
  name        = "http"
  destination = "http_endpoint"
  kinesis_source_configuration {
    kinesis_stream_arn = aws_kinesis_stream.orders.arn
    role_arn           = "arn:aws:iam::123456789012:role/firehose"
  }
  http_endpoint_configuration {
    url      = "https://example.com"
    name     = "example"
    role_arn = "arn:aws:iam::123456789012:role/firehose"
    s3_configuration {
      role_arn   = "arn:aws:iam::123456789012:role/firehose"
      bucket_arn = "arn:aws:s3:::example"
    }
  }
}

resource "aws_mq_broker" "main" {
  broker_name        = "main"
  engine_type        = "ActiveMQ"
  engine_version     = "5.17.6"
  host_instance_type = "mq.t3.micro"
  user {
    username = "example"
    password = "not-a-secret-1"
  }
}

resource "aws_msk_cluster" "main" {
  cluster_name           = "main"
  kafka_version          = "3.6.0"
  number_of_broker_nodes = 2
  broker_node_group_info {
    instance_type   = "kafka.t3.small"
    client_subnets  = ["subnet-11111111", "subnet-22222222"]
    security_groups = ["sg-11111111"]
    storage_info {
      ebs_storage_info {
        volume_size = 100
      }
    }
  }
}

resource "aws_ses_domain_identity" "main" {
  domain = "example.com"
}

resource "aws_ses_email_identity" "main" {
  email = "someone@example.com"
}

resource "aws_sesv2_email_identity" "main" {
  email_identity = "example.org"
}

resource "aws_ses_template" "hello" {
  name    = "hello"
  subject = "Hello"
  text    = "hello"
}

resource "aws_ses_configuration_set" "main" {
  name = "main"
}

resource "aws_sns_platform_application" "push" {
  name                = "push"
  platform            = "GCM"
  platform_credential = "not-a-secret"
}
