# Scheduled repair after crashes: flask reconcile, every five minutes.

resource "aws_cloudwatch_log_group" "task" {
  name              = var.log_group_name
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "reconciler" {
  family                   = "${var.prefix}-reconciler"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256 # the least that Fargate offers: a run takes 100 MB
  memory                   = 512
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn

  # Earlier revisions stay registered, so that a person can roll back to them.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "X86_64"
  }

  volume {
    name = "scratch"
  }

  container_definitions = jsonencode([
    {
      name      = "reconciler"
      image     = var.image
      essential = true
      command   = ["flask", "--app", "wsgi", "reconcile"]

      user                   = "10001"
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
      mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]

      environment = [for name, value in var.environment : { name = name, value = value }]
      stopTimeout = 30

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.task.name
          awslogs-region        = var.region
          awslogs-stream-prefix = "task"
          mode                  = "non-blocking"
          max-buffer-size       = "4m"
        }
      }
    }
  ])
}

resource "aws_scheduler_schedule" "reconciler" {
  name                = "${var.prefix}-reconciler"
  schedule_expression = "rate(5 minutes)"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.scheduler.arn

    ecs_parameters {
      task_definition_arn = aws_ecs_task_definition.reconciler.arn
      launch_type         = "FARGATE"
      propagate_tags      = "TASK_DEFINITION"

      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = [var.security_group_id]
        assign_public_ip = false
      }
    }

    retry_policy {
      maximum_event_age_in_seconds = 240 # after that the next run is due
      maximum_retry_attempts       = 3
    }
  }
}
