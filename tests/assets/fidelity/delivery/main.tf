# Builds, pipelines and stacks.
resource "aws_codebuild_project" "main" {
  name         = "main"
  service_role = "arn:aws:iam::123456789012:role/build"
  artifacts {
    type = "NO_ARTIFACTS"
  }
  environment {
    compute_type    = "BUILD_GENERAL1_SMALL"
    image           = "aws/codebuild/standard:7.0"
    type            = "LINUX_CONTAINER"
    privileged_mode = true
    environment_variable {
      name  = "A"
      value = "1"
    }
  }
  source {
    type            = "GITHUB"
    location        = "https://github.com/example/app.git"
    git_clone_depth = 1
  }
  logs_config {
    cloudwatch_logs {
      group_name = "build"
    }
  }
}

resource "aws_codebuild_project" "pipeline" {
  name          = "pipeline"
  service_role  = "arn:aws:iam::123456789012:role/build"
  build_timeout = 5
  artifacts {
    type = "CODEPIPELINE"
  }
  environment {
    compute_type = "BUILD_GENERAL1_SMALL"
    image        = "aws/codebuild/standard:7.0"
    type         = "LINUX_CONTAINER"
  }
  source {
    type      = "CODEPIPELINE"
    buildspec = "buildspec.yml"
  }
}

resource "aws_codepipeline" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/pipeline"
  artifact_store {
    location = "example-artifacts"
    type     = "S3"
  }
  stage {
    name = "Source"
    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection"
      version          = "1"
      output_artifacts = ["source"]
      configuration = {
        ConnectionArn    = aws_codestarconnections_connection.main.arn
        FullRepositoryId = "example/app"
        BranchName       = "main"
      }
    }
  }
  stage {
    name = "Build"
    action {
      name            = "Build"
      category        = "Build"
      owner           = "AWS"
      provider        = "CodeBuild"
      version         = "1"
      input_artifacts = ["source"]
      configuration   = { ProjectName = aws_codebuild_project.pipeline.name }
    }
  }
}

resource "aws_codestarconnections_connection" "main" {
  name          = "main"
  provider_type = "GitHub"
}

resource "aws_codecommit_repository" "main" {
  repository_name = "main"
}

resource "aws_codedeploy_app" "main" {
  name             = "main"
  compute_platform = "ECS"
}

resource "aws_codedeploy_deployment_group" "main" {
  app_name              = aws_codedeploy_app.main.name
  deployment_group_name = "main"
  service_role_arn      = "arn:aws:iam::123456789012:role/deploy"
  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE"]
  }
}

resource "aws_codeartifact_domain" "main" {
  domain = "main"
}

resource "aws_cloudformation_stack" "main" {
  name          = "main"
  template_body = jsonencode({ Resources = { topic = { Type = "AWS::SNS::Topic" } } })
}

resource "aws_amplify_app" "main" {
  name       = "main"
  repository = "https://github.com/example/app"
}

resource "aws_amplify_branch" "main" {
  app_id      = aws_amplify_app.main.id
  branch_name = "main"
}

resource "aws_elastic_beanstalk_application" "main" {
  name = "main"
}

resource "aws_elastic_beanstalk_environment" "main" {
  name                = "main"
  application         = aws_elastic_beanstalk_application.main.name
  solution_stack_name = "64bit Amazon Linux 2023 v4.0.1 running Python 3.11"
  setting {
    namespace = "aws:autoscaling:launchconfiguration"
    name      = "IamInstanceProfile"
    value     = "profile"
  }
}

resource "aws_imagebuilder_component" "main" {
  name     = "main"
  platform = "Linux"
  version  = "1.0.0"
  data     = "name: x\nschemaVersion: 1.0\nphases: []\n"
}

resource "aws_lightsail_instance" "main" {
  name              = "main"
  availability_zone = "us-east-1a"
  blueprint_id      = "amazon_linux_2"
  bundle_id         = "nano_3_0"
}

resource "aws_cloud9_environment_ec2" "main" {
  name          = "main"
  instance_type = "t2.micro"
  image_id      = "amazonlinux-2023-x86_64"
}

resource "aws_transfer_server" "main" {
  identity_provider_type = "SERVICE_MANAGED"
}

resource "aws_transfer_user" "main" {
  server_id = aws_transfer_server.main.id
  user_name = "main"
  role      = "arn:aws:iam::123456789012:role/transfer"
}

resource "aws_workspaces_ip_group" "main" {
  name = "main"
  rules {
    source = "198.51.100.0/24"
  }
}

resource "aws_ram_resource_share" "main" {
  name = "main"
}

resource "aws_iot_thing" "main" {
  name = "main"
}

resource "aws_iot_topic_rule" "main" {
  name        = "main"
  enabled     = true
  sql         = "SELECT * FROM 'topic/test'"
  sql_version = "2016-03-23"
  sns {
    message_format = "RAW"
    role_arn       = "arn:aws:iam::123456789012:role/iot"
    target_arn     = "arn:aws:sns:us-east-1:123456789012:topic"
  }
}
