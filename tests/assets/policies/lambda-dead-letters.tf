locals {
  role  = "arn:aws:iam::123456789012:role/a"
  image = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1"
}

resource "aws_sqs_queue" "letters" {}

resource "aws_lambda_function" "pass_letters" {
  function_name = "a"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image

  dead_letter_config {
    target_arn = aws_sqs_queue.letters.arn
  }
}

resource "aws_lambda_function" "pass_destination" {
  function_name = "b"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function_event_invoke_config" "destination" {
  function_name = aws_lambda_function.pass_destination.function_name

  destination_config {
    on_failure {
      destination = aws_sqs_queue.letters.arn
    }
  }
}

resource "aws_lambda_function" "fail_none" {
  function_name = "c"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

# It tells who succeeded.
resource "aws_lambda_function" "fail_success_alone" {
  function_name = "d"
  role          = local.role
  package_type  = "Image"
  image_uri     = local.image
}

resource "aws_lambda_function_event_invoke_config" "success" {
  function_name          = aws_lambda_function.fail_success_alone.function_name
  maximum_retry_attempts = 2

  destination_config {
    on_success {
      destination = aws_sqs_queue.letters.arn
    }
  }
}
