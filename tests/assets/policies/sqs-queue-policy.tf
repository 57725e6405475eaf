resource "aws_sqs_queue" "pass_policy" {}

resource "aws_sqs_queue_policy" "policy" {
  queue_url = aws_sqs_queue.pass_policy.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sqs_queue" "fail_none" {}

resource "aws_sqs_queue" "pass_inline" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

# A policy that only speaks of it is another's.
resource "aws_sqs_queue" "fail_spoken_of" {}

resource "aws_sqs_queue" "pass_speaker" {}

resource "aws_sqs_queue_policy" "speaker" {
  queue_url = aws_sqs_queue.pass_speaker.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "*"
    Resource  = "*"
    Condition = { ArnEquals = { "aws:SourceArn" = aws_sqs_queue.fail_spoken_of.arn } }
  }] })
}
