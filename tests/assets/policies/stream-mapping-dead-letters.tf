resource "aws_sqs_queue" "letters" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_lambda_event_source_mapping" "pass_destination" {
  function_name     = "a"
  event_source_arn  = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  starting_position = "LATEST"

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.letters.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "fail_none" {
  function_name     = "a"
  event_source_arn  = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  starting_position = "TRIM_HORIZON"
}

resource "aws_lambda_event_source_mapping" "fail_table" {
  function_name     = "a"
  event_source_arn  = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2024-01-01T00:00:00.000"
  starting_position = "TRIM_HORIZON"
}

# Its queue has dead letters of its own.
resource "aws_lambda_event_source_mapping" "absent_queue" {
  function_name    = "a"
  event_source_arn = "arn:aws:sqs:eu-west-1:123456789012:orders"
}
