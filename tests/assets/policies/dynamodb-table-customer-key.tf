resource "aws_kms_key" "key" {}

resource "terraform_data" "later" {
  input = "x"
}

resource "aws_dynamodb_table" "pass_key" {
  name         = "a"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.key.arn
  }
}

resource "aws_dynamodb_table" "fail_none" {
  name         = "b"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }
}

# On means AWS's own key, where none is named.
resource "aws_dynamodb_table" "fail_aws_managed" {
  name         = "c"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table" "fail_off" {
  name         = "d"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = false
    kms_key_arn = aws_kms_key.key.arn
  }
}

resource "aws_dynamodb_table" "unknown_key" {
  name         = "e"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = terraform_data.later.output
  }
}

# Each copy in another region has a key of that region.
resource "aws_dynamodb_table" "fail_replica" {
  name             = "global"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "NEW_AND_OLD_IMAGES"

  attribute {
    name = "id"
    type = "S"
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555"
  }

  replica {
    region_name = "eu-central-1"
  }
}

resource "aws_dynamodb_table_replica" "fail_copy" {
  global_table_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
}

resource "aws_dynamodb_table_replica" "pass_copy" {
  global_table_arn = "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"
  kms_key_arn      = "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-3333-4444-555555555555"
}
