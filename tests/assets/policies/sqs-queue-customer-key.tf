resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_sqs_queue" "pass_key" {
  name              = "a"
  kms_master_key_id = aws_kms_key.key.id
}

resource "aws_sqs_queue" "fail_none" {
  name = "b"
}

resource "aws_sqs_queue" "fail_aws_managed" {
  name              = "c"
  kms_master_key_id = "alias/aws/sqs"
}

# Encrypted, but with a key that is SQS's.
resource "aws_sqs_queue" "fail_sse" {
  name                    = "d"
  sqs_managed_sse_enabled = true
}

resource "aws_sqs_queue" "unknown_key" {
  name              = "e"
  kms_master_key_id = terraform_data.later.output
}
