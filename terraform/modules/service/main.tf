locals {
  port = 8000
}

resource "aws_cloudwatch_log_group" "tasks" {
  name              = var.log_group_name
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "service" {
  family                   = "${var.prefix}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory_mib
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn

  # Earlier revisions stay registered, so that a failed deployment, or a person, can roll back to them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  # On Fargate's own disk, mounted with the permissions of the folder that the image declares.
  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([
    {
      name      = var.name
      image     = var.image
      essential = true

      user                   = "10001"
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
      mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]

      portMappings = [{ name = "http", containerPort = local.port, hostPort = local.port, protocol = "tcp", appProtocol = "http" }]
      environment  = [for name, value in var.environment : { name = name, value = value }]

      # gunicorn drains for up to 25 s.
      stopTimeout = 30

      # The same as the image's own, which ECS ignores.
      healthCheck = {
        command     = ["CMD", "python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:${local.port}/health/live', timeout=2)"]
        interval    = 10
        timeout     = 3
        retries     = 3
        startPeriod = 20
      }

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.tasks.name
          awslogs-region        = var.region
          awslogs-stream-prefix = "task"
          mode                  = "non-blocking" # requests do not wait for a log that is slow
          max-buffer-size       = "4m"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.service.arn
  desired_count   = var.tasks.minimum
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = 60
  availability_zone_rebalancing      = "ENABLED"

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  load_balancer {
    target_group_arn = var.target_group_arn
    container_name   = var.name
    container_port   = local.port
  }

  service_connect_configuration {
    enabled   = true
    namespace = var.namespace_arn

    service {
      port_name      = "http"
      discovery_name = var.name

      client_alias {
        dns_name = var.name
        port     = local.port
      }
    }
  }

  lifecycle {
    # Autoscaling changes this; an apply must not undo it.
    ignore_changes = [desired_count]
  }
}
