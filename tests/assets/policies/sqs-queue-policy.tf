resource "aws_sqs_queue" "pass_policy" {}

resource "aws_sqs_queue_policy" "policy" {
  queue_url = aws_sqs_queue.pass_policy.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sqs_queue" "fail_none" {}
