resource "aws_sqs_queue" "pass_redrive" {
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.pass_dead_letters.arn, maxReceiveCount = 5 })
}

resource "aws_sqs_queue" "pass_dead_letters" {}

resource "aws_sqs_queue" "pass_redrive_elsewhere" {}

resource "aws_sqs_queue_redrive_policy" "elsewhere" {
  queue_url      = aws_sqs_queue.pass_redrive_elsewhere.id
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.pass_dead_letters.arn, maxReceiveCount = 5 })
}

resource "aws_sqs_queue" "pass_known" {
  redrive_policy = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu-west-1:123456789012:letters", maxReceiveCount = 5 })
}

resource "aws_sqs_queue" "pass_letters_of_a_topic" {}

resource "aws_sns_topic_subscription" "of_a_topic" {
  topic_arn      = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol       = "https"
  endpoint       = "https://example.com"
  redrive_policy = jsonencode({ deadLetterTargetArn = aws_sqs_queue.pass_letters_of_a_topic.arn })
}

resource "aws_sqs_queue" "fail_none" {}

resource "aws_sqs_queue" "fail_empty" {
  redrive_policy = jsonencode({ maxReceiveCount = 5 })
}

# A topic fills it; its own dead letters go nowhere.
resource "aws_sqs_queue" "fail_subscriber" {}

resource "aws_sns_topic_subscription" "subscriber" {
  topic_arn = "arn:aws:sns:eu-west-1:123456789012:orders"
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.fail_subscriber.arn
}

# A pipe leaves its dead letters here.
resource "aws_sqs_queue" "pass_letters_of_a_pipe" {}

resource "aws_pipes_pipe" "orders" {
  role_arn = "arn:aws:iam::123456789012:role/a"
  source   = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  target   = "arn:aws:sqs:eu-west-1:123456789012:orders"

  source_parameters {
    kinesis_stream_parameters {
      starting_position = "LATEST"

      dead_letter_config {
        arn = aws_sqs_queue.pass_letters_of_a_pipe.arn
      }
    }
  }
}
