# Scheduled repair after crashes: its task runs every five minutes.

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
      task_definition_arn = var.task_definition.arn
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
