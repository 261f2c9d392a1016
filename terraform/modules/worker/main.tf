# Preview's workers: flask work, from preview's image. They take pages from the queue; nobody calls them.

resource "aws_cloudwatch_log_group" "tasks" {
  name              = var.log_group_name
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "worker" {
  family                   = "${var.prefix}-preview-worker"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  task_role_arn            = var.task_role_arn
  execution_role_arn       = var.execution_role_arn

  # One page at a time: a process that draws and detects on a core, one child that may hold 640 MiB and a warm one.
  cpu    = 1024
  memory = 2048

  # Earlier revisions stay registered, so that a failed deployment, or a person, can roll back to them.
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
      name      = "preview-worker"
      image     = var.image
      essential = true
      command   = ["flask", "--app", "wsgi", "work", "--heartbeat-file", local.heartbeat_file]

      user                   = "10001"
      readonlyRootFilesystem = true
      linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
      mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]

      environment = [for name, value in var.environment : { name = name, value = value }]

      # A poll takes up to 20 s, or a page goes on for up to 45 s (WORKER_DRAIN_SECONDS) and is then given back.
      stopTimeout = 60

      # A worker that is well touches the file every half minute at least.
      healthCheck = {
        command = [
          "CMD", "python", "-c",
          "import os, sys, time; sys.exit(time.time() - os.path.getmtime('${local.heartbeat_file}') > 60)",
        ]
        interval    = 20
        timeout     = 5
        retries     = 3
        startPeriod = 60
      }

      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.tasks.name
          awslogs-region        = var.region
          awslogs-stream-prefix = "task"
          mode                  = "non-blocking"
          max-buffer-size       = "4m"
        }
      }
    }
  ])
}

resource "aws_ecs_service" "worker" {
  name            = "preview-worker"
  cluster         = var.cluster.arn
  task_definition = aws_ecs_task_definition.worker.arn
  desired_count   = var.tasks.minimum
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
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

  # Calls jobs, and offers nothing itself.
  service_connect_configuration {
    enabled   = true
    namespace = var.namespace_arn
  }

  lifecycle {
    # Autoscaling owns it; an apply must not undo it.
    ignore_changes = [desired_count]
  }
}

locals {
  heartbeat_file = "/tmp/worker-alive"
}
