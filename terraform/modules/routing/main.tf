locals {
  # The product's error envelope, without a request id, which only the services can make.
  not_found = jsonencode({
    status = "error"
    error = {
      code    = "NOT_FOUND"
      message = "There is nothing here. The API begins at /api/v1."
      details = {}
    }
    meta = { request_id = null, api_version = "v1" }
  })
}

resource "aws_lb" "public" {
  name                       = var.prefix
  load_balancer_type         = "application"
  subnets                    = var.subnet_ids
  security_groups            = [var.security_group_id]
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true

  # Below the 75 s that gunicorn keeps a connection (docker/gunicorn.conf.py): the side that sends requests must
  # close first, or a request is sent into the closing connection.
  idle_timeout = 60

  access_logs {
    bucket  = var.access_logs_bucket
    enabled = true
  }
}

resource "aws_lb_target_group" "service" {
  for_each = toset(["jobs", "preview"])

  name        = "${var.prefix}-${each.key}"
  vpc_id      = var.vpc_id
  target_type = "ip"
  protocol    = "HTTP"
  port        = 8000

  # Seconds for a stopping task to finish its requests; the slowest, for pictures and files, take 20 s.
  deregistration_delay = 30

  health_check {
    path                = "/health/live" # calls nothing else: a fault of AWS must not stop every task
    matcher             = "200"
    interval            = 10
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.public.arn
  protocol          = "HTTPS"
  port              = 443
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  # The services send these headers too, and more; here they are for answers of the load balancer itself.
  routing_http_response_strict_transport_security_header_value = "max-age=31536000"
  routing_http_response_x_content_type_options_header_value    = "nosniff"
  routing_http_response_server_enabled                         = false

  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "application/json"
      message_body = local.not_found
    }
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.public.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

resource "aws_lb_listener_rule" "path" {
  for_each = var.rules

  listener_arn = aws_lb_listener.https.arn
  priority     = each.value.priority

  condition {
    path_pattern {
      values = each.value.paths
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.service[each.value.target].arn
  }

  tags = { Name = each.key }
}
