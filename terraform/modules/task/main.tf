# What a task runs and with which means; who starts it, a service or a schedule, is another module's matter.

resource "aws_cloudwatch_log_group" "task" {
  name              = var.log_group_name
  retention_in_days = var.log_retention_days
}

resource "aws_ecs_task_definition" "task" {
  family                   = "${var.prefix}-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.task.cpu
  memory                   = var.task.memory_mib
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

  # What is null is left to the image, or to ECS.
  container_definitions = jsonencode([{ for key, value in {
    name      = var.name
    image     = var.task.image
    essential = true
    command   = var.task.command

    user                   = "10001"
    readonlyRootFilesystem = true
    linuxParameters        = { capabilities = { add = [], drop = ["ALL"] } }
    mountPoints            = [{ sourceVolume = "scratch", containerPath = "/tmp", readOnly = false }]

    portMappings = var.task.port == null ? null : [
      { name = "http", containerPort = var.task.port, hostPort = var.task.port, protocol = "tcp", appProtocol = "http" },
    ]
    environment = [for name, value in var.task.environment : { name = name, value = value }]
    stopTimeout = var.task.stop_timeout_seconds
    healthCheck = var.task.health_check

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.task.name
        awslogs-region        = var.region
        awslogs-stream-prefix = "task"
        mode                  = "non-blocking" # requests do not wait for a log that is slow
        max-buffer-size       = "4m"
      }
    }
  } : key => value if value != null }])
}
