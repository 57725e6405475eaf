resource "aws_sns_topic" "pass_policy" {
  for_each = toset(["one", "two"])
}

resource "aws_sns_topic_policy" "policy" {
  for_each = aws_sns_topic.pass_policy

  arn    = aws_sns_topic.pass_policy[each.key].arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_sns_topic" "fail_none" {}
