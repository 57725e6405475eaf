resource "aws_sqs_queue" "letters" {}

resource "aws_cloudwatch_event_target" "pass_letters" {
  rule = "nightly"
  arn  = "arn:aws:states:eu-west-1:123456789012:stateMachine:a"

  dead_letter_config {
    arn = aws_sqs_queue.letters.arn
  }
}

resource "aws_cloudwatch_event_target" "fail_none" {
  rule = "nightly"
  arn  = "arn:aws:states:eu-west-1:123456789012:stateMachine:a"
}

resource "aws_scheduler_schedule" "fail_none" {
  schedule_expression = "rate(1 day)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = "arn:aws:states:eu-west-1:123456789012:stateMachine:a"
    role_arn = "arn:aws:iam::123456789012:role/a"
  }
}
