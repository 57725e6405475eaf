resource "aws_sns_topic" "pass_policy" {
  for_each = toset(["one", "two"])
}

resource "aws_sns_topic_policy" "policy" {
  for_each = aws_sns_topic.pass_policy

  arn    = aws_sns_topic.pass_policy[each.key].arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sns_topic" "fail_none" {}

resource "aws_sns_topic" "pass_inline" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

# A policy that only speaks of it is another's.
resource "aws_sns_topic" "fail_spoken_of" {}

resource "aws_sns_topic" "pass_speaker" {}

resource "aws_sns_topic_policy" "speaker" {
  arn = aws_sns_topic.pass_speaker.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{
    Effect    = "Deny"
    Principal = "*"
    Action    = "*"
    Resource  = "*"
    Condition = { ArnEquals = { "aws:SourceArn" = aws_sns_topic.fail_spoken_of.arn } }
  }] })
}
