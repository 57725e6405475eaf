resource "terraform_data" "later" {
  input = "http"
}

resource "aws_sns_topic_subscription" "pass_https" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "https"
  endpoint  = "https://example.com"
}

resource "aws_sns_topic_subscription" "pass_queue" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:eu-west-1:123456789012:orders"
}

resource "aws_sns_topic_subscription" "fail_http" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "http"
  endpoint  = "http://example.com"
}

resource "aws_sns_topic_subscription" "unknown_protocol" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = terraform_data.later.output
  endpoint  = "https://example.com"
}
