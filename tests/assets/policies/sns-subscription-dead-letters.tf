resource "aws_sqs_queue" "letters" {}

resource "aws_sns_topic_subscription" "pass_letters" {
  topic_arn      = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol       = "https"
  endpoint       = "https://example.com"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.letters.arn })
}

resource "aws_sns_topic_subscription" "fail_none" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "sqs"
  endpoint  = "arn:aws:sqs:eu-west-1:123456789012:orders"
}

resource "aws_sns_topic_subscription" "fail_empty" {
  topic_arn      = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol       = "lambda"
  endpoint       = "arn:aws:lambda:eu-west-1:123456789012:function:a"
  redrive_policy = jsonencode({})
}

# A person reads it.
resource "aws_sns_topic_subscription" "absent_mail" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "email"
  endpoint  = "somebody@example.com"
}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sns_topic_subscription" "unknown_protocol" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = terraform_data.later.output
  endpoint  = "https://example.com"
}
