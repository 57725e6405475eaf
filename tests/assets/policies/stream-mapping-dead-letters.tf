resource "aws_sqs_queue" "letters" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_lambda_event_source_mapping" "pass_destination" {
  function_name          = "a"
  event_source_arn       = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  starting_position      = "LATEST"
  maximum_retry_attempts = 3

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

# Tried again until it expires, a record never gets to the destination, and holds up all behind it.
resource "aws_lambda_event_source_mapping" "fail_tried_for_ever" {
  function_name     = "a"
  event_source_arn  = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  starting_position = "LATEST"

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.letters.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "pass_age" {
  function_name                 = "a"
  event_source_arn              = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
  starting_position             = "LATEST"
  maximum_record_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.letters.arn
    }
  }
}

resource "aws_lambda_event_source_mapping" "pass_kafka" {
  function_name     = "a"
  event_source_arn  = "arn:aws:kafka:eu-west-1:123456789012:cluster/orders/11111111-2222-3333-4444-555555555555-1"
  starting_position = "LATEST"
  topics            = ["orders"]

  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.letters.arn
    }
  }
}
