resource "terraform_data" "later" {
  input = true
}

resource "aws_dynamodb_table" "pass_on" {
  name         = "a"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = true
  }
}

resource "aws_dynamodb_table" "fail_default" {
  name         = "b"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_dynamodb_table" "fail_off" {
  name         = "c"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = false
  }
}

resource "aws_dynamodb_table" "unknown_recovery" {
  name         = "d"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  point_in_time_recovery {
    enabled = terraform_data.later.output
  }
}

resource "aws_dynamodb_table_replica" "fail_copy" {
  global_table_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
}

resource "aws_dynamodb_table_replica" "pass_copy" {
  global_table_arn       = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
  point_in_time_recovery = true
}
