# Roles, users, policies and pools.
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "app" {
  name                 = "app"
  path                 = "/service/"
  description          = "The application"
  max_session_duration = 7200
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  tags                 = { Name = "app" }
}

resource "aws_iam_role" "heredoc" {
  name_prefix        = "heredoc-"
  assume_role_policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "",
          "Principal": { "Service": "ecs-tasks.amazonaws.com" },
          "Effect": "Allow",
          "Action": "sts:AssumeRole"
        }
      ]
    }
  EOT
}

resource "aws_iam_role" "inline" {
  assume_role_policy  = data.aws_iam_policy_document.trust.json
  managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
  inline_policy {
    name   = "inline"
    policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = ["ec2:Describe*"], Effect = "Allow", Resource = "*" }] })
  }
}

resource "aws_iam_role_policy" "app" {
  name   = "app"
  role   = aws_iam_role.app.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = ["s3:*"], Effect = "Allow", Resource = "*" }] })
}

resource "aws_iam_policy" "app" {
  name        = "app"
  description = "Reads"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "arn:${data.aws_partition.current.partition}:s3:::example" }]
  })
}

resource "aws_iam_policy" "heredoc" {
  name_prefix = "heredoc-"
  policy      = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        { "Action": ["ec2:Describe*"], "Effect": "Allow", "Resource": "*" }
      ]
    }
  EOT
}

resource "aws_iam_role_policy_attachment" "app" {
  for_each   = toset(["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"])
  role       = aws_iam_role.app.name
  policy_arn = each.value
}

resource "aws_iam_role_policy_attachment" "own" {
  role       = aws_iam_role.app.name
  policy_arn = aws_iam_policy.app.arn
}

resource "aws_iam_policy_attachment" "all" {
  name       = "all"
  roles      = [aws_iam_role.app.name]
  users      = [aws_iam_user.person.name]
  policy_arn = aws_iam_policy.app.arn
}

resource "aws_iam_instance_profile" "app" {
  name = "app"
  role = aws_iam_role.app.name
}

resource "aws_iam_user" "person" {
  name          = "person"
  force_destroy = true
}

resource "aws_iam_user" "tagged" {
  name = "tagged"
  path = "/system/"
  tags = { Team = "a" }
}

resource "aws_iam_access_key" "person" {
  user = aws_iam_user.person.name
}

resource "aws_iam_user_policy" "person" {
  user   = aws_iam_user.person.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Action = ["ec2:Describe*"], Effect = "Allow", Resource = "*" }] })
}

resource "aws_iam_user_policy_attachment" "person" {
  user       = aws_iam_user.person.name
  policy_arn = aws_iam_policy.app.arn
}

resource "aws_iam_user_login_profile" "person" {
  user = aws_iam_user.person.name
}

resource "aws_iam_group" "team" {
  name = "team"
}

resource "aws_iam_group_membership" "team" {
  name  = "team"
  users = [aws_iam_user.person.name]
  group = aws_iam_group.team.name
}

resource "aws_iam_group_policy" "team" {
  name   = "team"
  group  = aws_iam_group.team.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_group_policy_attachment" "team" {
  group      = aws_iam_group.team.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_user_group_membership" "tagged" {
  user   = aws_iam_user.tagged.name
  groups = [aws_iam_group.team.name]
}

resource "aws_iam_account_password_policy" "strict" {
  minimum_password_length = 12
  require_numbers         = true
}

resource "aws_iam_account_alias" "alias" {
  account_alias = "example"
}

resource "aws_iam_openid_connect_provider" "ci" {
  url             = "https://token.example.com"
  client_id_list  = ["sts.amazonaws.com"]
  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]
}

resource "aws_iam_service_linked_role" "es" {
  aws_service_name = "es.amazonaws.com"
}

resource "aws_cognito_user_pool" "main" {
  name                     = "main"
  auto_verified_attributes = ["email"]
  username_attributes      = ["email"]
  password_policy {
    minimum_length    = 10
    require_lowercase = true
    require_numbers   = true
    require_symbols   = false
    require_uppercase = true
  }
  schema {
    name                = "email"
    attribute_data_type = "String"
    required            = true
    mutable             = true
    string_attribute_constraints {
      min_length = 1
      max_length = 256
    }
  }
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }
  admin_create_user_config {
    allow_admin_create_user_only = false
  }
}

resource "aws_cognito_user_pool" "plain" {
  name = "plain"
}

resource "aws_cognito_user_pool_client" "web" {
  name                = "web"
  user_pool_id        = aws_cognito_user_pool.main.id
  explicit_auth_flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  generate_secret     = false
}

resource "aws_cognito_user_pool_domain" "main" {
  domain       = "example"
  user_pool_id = aws_cognito_user_pool.main.id
}

resource "aws_cognito_identity_pool" "main" {
  identity_pool_name               = "main"
  allow_unauthenticated_identities = false
  cognito_identity_providers {
    client_id     = aws_cognito_user_pool_client.web.id
    provider_name = aws_cognito_user_pool.main.endpoint
  }
}

resource "aws_cognito_identity_pool_roles_attachment" "main" {
  identity_pool_id = aws_cognito_identity_pool.main.id
  roles            = { authenticated = aws_iam_role.app.arn }
}

resource "aws_cognito_user_group" "admins" {
  name         = "admins"
  user_pool_id = aws_cognito_user_pool.main.id
}

resource "aws_organizations_account" "dev" {
  name  = "dev"
  email = "dev@example.com"
}

resource "aws_organizations_policy" "deny" {
  name    = "deny"
  content = jsonencode({ Version = "2012-10-17", Statement = { Effect = "Deny", Action = "*", Resource = "*" } })
}

resource "aws_organizations_organizational_unit" "unit" {
  name      = "unit"
  parent_id = "r-abcd"
}

resource "aws_ssoadmin_permission_set" "admin" {
  name             = "admin"
  instance_arn     = "arn:aws:sso:::instance/ssoins-1234567890abcdef"
  session_duration = "PT2H"
}

output "region" {
  value = data.aws_region.current.name
}
