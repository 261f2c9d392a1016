# Modules, each for itself, in any workspace: terraform test

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix              = "location-detection-dev"
  vpc_id              = "vpc-mock"
  subnet_ids          = ["subnet-a", "subnet-b"]
  security_group_id   = "sg-mock"
  certificate_arn     = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  access_logs_bucket  = "location-detection-dev-access-logs"
  deletion_protection = true
}

run "routing" {
  command = plan

  module {
    source = "./modules/routing"
  }

  assert {
    condition = aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06" && alltrue([
      aws_lb_listener.http.default_action[0].type == "redirect",
      aws_lb_listener.http.default_action[0].redirect[0].protocol == "HTTPS",
      aws_lb_listener.http.default_action[0].redirect[0].status_code == "HTTP_301",
    ])
    error_message = "Only TLS 1.2 and later may be spoken, and HTTP only sends on to it."
  }

  assert {
    condition = alltrue([
      aws_lb_listener.https.default_action[0].fixed_response[0].status_code == "404",
      jsondecode(aws_lb_listener.https.default_action[0].fixed_response[0].message_body).error.code == "NOT_FOUND",
      jsondecode(aws_lb_listener.https.default_action[0].fixed_response[0].message_body).meta.request_id == null,
    ])
    error_message = "What no rule names must be 404 with the product's envelope."
  }

  assert {
    condition = alltrue([
      aws_lb_listener.https.routing_http_response_strict_transport_security_header_value == "max-age=31536000",
      aws_lb_listener.https.routing_http_response_x_content_type_options_header_value == "nosniff",
      !aws_lb_listener.https.routing_http_response_server_enabled,
    ])
    error_message = "What the load balancer answers itself must say what the services say, and not what it runs on."
  }

  assert {
    condition     = aws_lb.public.idle_timeout < 75 && aws_lb.public.drop_invalid_header_fields && aws_lb.public.enable_deletion_protection
    error_message = "The load balancer must close a connection before gunicorn does, drop bad headers, and be protected."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.service : group.health_check[0].path == "/health/live"])
    error_message = "Health is asked of the tasks alone, not of what they call."
  }
}

run "a_rule_with_six_values_is_refused" {
  command = plan

  module {
    source = "./modules/routing"
  }

  variables {
    rules = { jobs = { priority = 10, paths = ["/a", "/b", "/c", "/d", "/e", "/f"], target = "jobs" } }
  }

  expect_failures = [var.rules]
}

run "a_rule_with_seven_wildcards_is_refused" {
  command = plan

  module {
    source = "./modules/routing"
  }

  variables {
    rules = { jobs = { priority = 10, paths = ["/*/*/*", "/*/*/?", "/*"], target = "jobs" } }
  }

  expect_failures = [var.rules]
}
