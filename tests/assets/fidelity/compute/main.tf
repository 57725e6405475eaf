# Machines, their groups and the load balancers before them.
variable "subnets" {
  type    = list(string)
  default = ["subnet-11111111", "subnet-22222222"]
}

variable "vpc" {
  type    = string
  default = "vpc-11111111"
}

resource "aws_key_pair" "deploy" {
  key_name   = "deploy"
  public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQD3F6tyPEFEzV0LX3X8BsXdMsQz1x2cEikKDEY0aIj41qgxMCP/iteneqXSIFZBp5vizPvaoIR3Um9xK7PGoW8giupGn+EPuxIA4cDM4vzOqOkiMPhz5XK0whEjkVzTo4+S0puvDZuwIsdiW9mxhJc7tgBNL0cYlWSYVkz4G/fslNfRPW5mYAM49f4fhtxPb5ok4Q2Lg9dPKVHO/Bgeu5woMc7RY0p1ej6D4CKFE6lymSDJpW0YHX/wqE9+cfEauh7xZcG0q9t2ta6F6fmX0agvpFyZo8aFbXeUBr7osSCJNgvavWbM/06niWrOvYX2xwWdhXmXSrbX8ZbabVohBK41 someone@example.com"
}

resource "aws_instance" "small" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}

resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.small"
  subnet_id                   = var.subnets[0]
  key_name                    = aws_key_pair.deploy.key_name
  vpc_security_group_ids      = ["sg-11111111"]
  associate_public_ip_address = true
  monitoring                  = true
  user_data                   = <<-EOT
    #!/bin/bash
    yum install -y httpd
  EOT
  root_block_device {
    volume_size = 20
    volume_type = "gp3"
    encrypted   = true
  }
  ebs_block_device {
    device_name = "/dev/sdb"
    volume_size = 50
  }
  metadata_options {
    http_tokens = "required"
  }
  credit_specification {
    cpu_credits = "unlimited"
  }
  tags = { Name = "web" }
}

resource "aws_instance" "counted" {
  count                  = 2
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t2.micro"
  user_data_base64       = base64encode("hello")
  iam_instance_profile   = "profile"
  ebs_optimized          = false
  vpc_security_group_ids = [aws_security_group.alb.id]
  tags                   = { Name = "counted-${count.index}", Role = "worker" }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_eip" "web" {
  instance = aws_instance.web.id
  domain   = "vpc"
}

resource "aws_eip_association" "web" {
  instance_id   = aws_instance.small.id
  allocation_id = aws_eip.web.id
}

resource "aws_ebs_volume" "data" {
  availability_zone = "us-east-1a"
  size              = 40
  tags              = { Name = "data" }
}

resource "aws_ebs_volume" "fast" {
  availability_zone = "us-east-1a"
  size              = 100
  type              = "io2"
  iops              = 1000
  encrypted         = true
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/sdh"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.web.id
}

resource "aws_ebs_snapshot" "data" {
  volume_id = aws_ebs_volume.data.id
}

resource "aws_ami_from_instance" "web" {
  name               = "web"
  source_instance_id = aws_instance.web.id
}

resource "aws_placement_group" "main" {
  name     = "cluster"
  strategy = "cluster"
}

resource "aws_spot_instance_request" "cheap" {
  ami           = "ami-0123456789abcdef0"
  spot_price    = "0.03"
  instance_type = "c5.large"
  tags          = { Name = "cheap" }
}

resource "aws_launch_template" "app" {
  name_prefix            = "app-"
  image_id               = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  key_name               = "deploy"
  vpc_security_group_ids = ["sg-11111111"]
  user_data              = base64encode("#!/bin/bash\necho hello")
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      volume_size = 20
      encrypted   = true
    }
  }
  iam_instance_profile {
    name = "app"
  }
  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }
  monitoring {
    enabled = true
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "app" }
  }
}

resource "aws_launch_template" "network" {
  name          = "network"
  image_id      = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  ebs_optimized = true
  network_interfaces {
    associate_public_ip_address = true
    security_groups             = ["sg-11111111"]
    delete_on_termination       = true
  }
  placement {
    availability_zone = "us-east-1a"
  }
  instance_market_options {
    market_type = "spot"
  }
}

resource "aws_launch_configuration" "app" {
  name_prefix     = "app-"
  image_id        = "ami-0123456789abcdef0"
  instance_type   = "t2.micro"
  security_groups = [aws_security_group.alb.id]
  user_data       = "#!/bin/bash\necho hello"
  root_block_device {
    volume_size = 10
  }
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "app" {
  name                      = "app"
  min_size                  = 1
  max_size                  = 4
  desired_capacity          = 2
  health_check_type         = "ELB"
  health_check_grace_period = 120
  vpc_zone_identifier       = var.subnets
  target_group_arns         = [aws_lb_target_group.app.arn]
  launch_template {
    id      = aws_launch_template.app.id
    version = "$Latest"
  }
  tag {
    key                 = "Name"
    value               = "app"
    propagate_at_launch = true
  }
  instance_refresh {
    strategy = "Rolling"
    preferences {
      min_healthy_percentage = 50
    }
  }
}

resource "aws_autoscaling_group" "old" {
  launch_configuration = aws_launch_configuration.app.name
  availability_zones   = ["us-east-1a", "us-east-1b"]
  min_size             = 2
  max_size             = 10
  load_balancers       = [aws_elb.old.name]
}

resource "aws_autoscaling_group" "mixed" {
  name                = "mixed"
  min_size            = 0
  max_size            = 3
  vpc_zone_identifier = var.subnets
  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity = 1
    }
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.app.id
      }
      override {
        instance_type = "t3.micro"
      }
      override {
        instance_type     = "t3.small"
        weighted_capacity = "2"
      }
    }
  }
}

resource "aws_autoscaling_policy" "up" {
  name                   = "up"
  scaling_adjustment     = 1
  adjustment_type        = "ChangeInCapacity"
  cooldown               = 300
  autoscaling_group_name = aws_autoscaling_group.app.name
}

resource "aws_autoscaling_policy" "target" {
  name                   = "target"
  policy_type            = "TargetTrackingScaling"
  autoscaling_group_name = aws_autoscaling_group.app.name
  target_tracking_configuration {
    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
    target_value = 60
  }
}

resource "aws_autoscaling_schedule" "night" {
  scheduled_action_name  = "night"
  min_size               = 0
  max_size               = 1
  desired_capacity       = 0
  recurrence             = "0 20 * * *"
  autoscaling_group_name = aws_autoscaling_group.app.name
}

resource "aws_autoscaling_attachment" "app" {
  autoscaling_group_name = aws_autoscaling_group.app.id
  lb_target_group_arn    = aws_lb_target_group.app.arn
}

resource "aws_autoscaling_lifecycle_hook" "drain" {
  name                   = "drain"
  autoscaling_group_name = aws_autoscaling_group.app.name
  default_result         = "CONTINUE"
  heartbeat_timeout      = 300
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_TERMINATING"
}

resource "aws_security_group" "alb" {
  name   = "alb"
  vpc_id = var.vpc
}

resource "aws_lb" "app" {
  name               = "app"
  internal           = false
  load_balancer_type = "application"
  security_groups    = [aws_security_group.alb.id]
  subnets            = var.subnets
  access_logs {
    bucket  = "example-logs"
    prefix  = "app"
    enabled = true
  }
  tags = { Environment = "test" }
}

resource "aws_lb" "net" {
  name                       = "net"
  load_balancer_type         = "network"
  enable_deletion_protection = true
  subnet_mapping {
    subnet_id     = var.subnets[0]
    allocation_id = aws_eip.web.id
  }
}

resource "aws_alb" "alias" {
  name    = "alias"
  subnets = var.subnets
}

resource "aws_lb_target_group" "app" {
  name     = "app"
  port     = 80
  protocol = "HTTP"
  vpc_id   = var.vpc
  health_check {
    path    = "/health"
    matcher = "200-299"
  }
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 3600
  }
}

resource "aws_lb_target_group" "ip" {
  name_prefix = "ip-"
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.vpc
}

resource "aws_lb_target_group" "tcp" {
  name     = "tcp"
  port     = 443
  protocol = "TCP"
  vpc_id   = var.vpc
}

resource "aws_lb_target_group" "function" {
  name        = "function"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.app.arn
  target_id        = aws_instance.web.id
  port             = 80
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.app.arn
  port              = "80"
  protocol          = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.app.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.app.arn
  }
}

resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.net.arn
  port              = 443
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tcp.arn
  }
}

resource "aws_lb_listener_rule" "api" {
  listener_arn = aws_lb_listener.https.arn
  priority     = 100
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ip.arn
  }
  condition {
    path_pattern {
      values = ["/api/*"]
    }
  }
  condition {
    host_header {
      values = ["example.com"]
    }
  }
}

resource "aws_lb_listener_rule" "maintenance" {
  listener_arn = aws_lb_listener.https.arn
  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "closed"
      status_code  = "503"
    }
  }
  condition {
    http_header {
      http_header_name = "X-Test"
      values           = ["1"]
    }
  }
}

resource "aws_lb_listener_certificate" "more" {
  listener_arn    = aws_lb_listener.https.arn
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/22345678-1234-1234-1234-123456789012"
}

resource "aws_elb" "old" {
  name               = "old"
  availability_zones = ["us-east-1a", "us-east-1b"]
  listener {
    instance_port     = 8000
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
  health_check {
    healthy_threshold   = 2
    unhealthy_threshold = 2
    timeout             = 3
    target              = "HTTP:8000/"
    interval            = 30
  }
  instances                 = [aws_instance.small.id]
  cross_zone_load_balancing = true
}
