resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = var.cluster.arn
  task_definition = var.task_definition_arn
  desired_count   = var.tasks.minimum
  launch_type     = "FARGATE"
  propagate_tags  = "SERVICE"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200
  health_check_grace_period_seconds  = var.http == null ? null : 60
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

  dynamic "load_balancer" {
    for_each = var.http[*]

    content {
      target_group_arn = load_balancer.value.target_group_arn
      container_name   = var.name
      container_port   = load_balancer.value.port
    }
  }

  # Each service calls others; only one that serves HTTP is called.
  service_connect_configuration {
    enabled   = true
    namespace = var.namespace_arn

    dynamic "service" {
      for_each = var.http[*]

      content {
        port_name      = "http"
        discovery_name = var.name

        client_alias {
          dns_name = var.name
          port     = service.value.port
        }
      }
    }
  }

  lifecycle {
    # Autoscaling changes this; an apply must not undo it.
    ignore_changes = [desired_count]
  }
}
