resource "terraform_data" "later" {
  input = "x"
}

resource "aws_iam_role_policy_attachment" "pass_one_purpose" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

# Somebody's own, of the same name.
resource "aws_iam_role_policy_attachment" "pass_own" {
  role       = "a"
  policy_arn = "arn:aws:iam::123456789012:policy/OrdersFullAccess"
}

resource "aws_iam_role_policy_attachment" "fail_administrator" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "fail_service" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
}

resource "aws_iam_role_policy_attachment" "fail_service_role" {
  role       = "a"
  policy_arn = "arn:aws-cn:iam::aws:policy/AWSLambda_FullAccess"
}

resource "aws_iam_role" "fail_listed" {
  assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
  managed_policy_arns = ["arn:aws:iam::aws:policy/PowerUserAccess"]
}

resource "aws_iam_user_policy_attachment" "unknown_policy" {
  user       = "a"
  policy_arn = terraform_data.later.output
}

resource "aws_iam_policy" "orders" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy_attachment" "pass_made_here" {
  role       = "a"
  policy_arn = aws_iam_policy.orders.arn
}

# What is known after apply hides what is beside it.
resource "aws_iam_role" "unknown_beside_own" {
  assume_role_policy  = jsonencode({ Version = "2012-10-17", Statement = [] })
  managed_policy_arns = [aws_iam_policy.orders.arn, "arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_iam_role_policy_attachments_exclusive" "fail_exclusive_beside_own" {
  role_name   = "a"
  policy_arns = [aws_iam_policy.orders.arn, "arn:aws:iam::aws:policy/AdministratorAccess"]
}

resource "aws_iam_user_policy_attachments_exclusive" "fail_user" {
  user_name   = "a"
  policy_arns = ["arn:aws:iam::aws:policy/IAMFullAccess"]
}

resource "aws_iam_group_policy_attachments_exclusive" "fail_group" {
  group_name  = "a"
  policy_arns = ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"]
}

resource "aws_ssoadmin_managed_policy_attachment" "fail_permission_set" {
  instance_arn       = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  permission_set_arn = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef"
  managed_policy_arn = "arn:aws:iam::aws:policy/job-function/DatabaseAdministrator"
}

resource "aws_iam_role_policy_attachment" "fail_all_secrets" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
}

resource "aws_iam_role_policy_attachment" "pass_agent" {
  role       = "a"
  policy_arn = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"
}
