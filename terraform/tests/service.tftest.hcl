mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                = "preview"
  task_definition_arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/location-detection-prod-preview:1"
  cluster             = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod", name = "location-detection-prod" }
  namespace_arn       = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-mock"
  subnet_ids          = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id   = "sg-mock"
  tasks               = { minimum = 2, maximum = 10 }
  http = {
    port                = 8000
    target_group_arn    = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/mock/0123456789abcdef"
    request_count_label = "app/mock/0123456789abcdef/targetgroup/mock/0123456789abcdef"
    requests_per_minute = 60
  }
}

run "service" {
  command = plan

  module {
    source = "./modules/service"
  }

  assert {
    condition     = aws_ecs_service.service.deployment_circuit_breaker[0].enable && aws_ecs_service.service.deployment_circuit_breaker[0].rollback
    error_message = "A deployment that does not come up must be undone."
  }

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip && length(aws_ecs_service.service.network_configuration[0].subnets) == 3
    error_message = "Tasks are spread over all private subnets, without public addresses."
  }

  assert {
    condition     = aws_ecs_service.service.service_connect_configuration[0].service[0].client_alias[0].dns_name == "preview" && aws_ecs_service.service.service_connect_configuration[0].service[0].client_alias[0].port == 8000
    error_message = "The other service finds it as http://preview:8000."
  }

  assert {
    condition     = aws_appautoscaling_target.tasks.min_capacity == 2 && aws_appautoscaling_target.tasks.max_capacity == 10
    error_message = "Autoscaling must stay between minimum and maximum."
  }

  assert {
    condition     = length(aws_appautoscaling_policy.cpu) == 1 && length(aws_appautoscaling_policy.requests) == 1 && length(aws_appautoscaling_policy.backlog) == 0
    error_message = "What is called is scaled by CPU and calls."
  }
}

run "worker" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    name    = "preview-worker"
    http    = null
    backlog = { queue_name = "location-detection-prod-preview-pages", pages_per_task = 30 }
  }

  assert {
    condition     = length(aws_ecs_service.service.load_balancer) == 0 && length(aws_ecs_service.service.service_connect_configuration[0].service) == 0
    error_message = "Nobody calls a worker."
  }

  assert {
    condition     = length(aws_appautoscaling_policy.cpu) == 0 && length(aws_appautoscaling_policy.requests) == 0
    error_message = "A worker has no calls, and waits for Textract half of the time."
  }

  assert {
    condition = toset([
      for metric in aws_appautoscaling_policy.backlog[0].target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics :
      try("${metric.metric_stat[0].metric[0].namespace} ${metric.metric_stat[0].metric[0].metric_name}", metric.expression)
    ]) == toset(["waiting / running", "AWS/SQS ApproximateNumberOfMessagesVisible", "ECS/ContainerInsights RunningTaskCount"])
    error_message = "Workers are scaled on the backlog per worker."
  }
}

run "no_task_at_all_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    tasks = { minimum = 0, maximum = 1 }
  }

  expect_failures = [var.tasks]
}

run "nothing_to_scale_by_is_refused" {
  command = plan

  module {
    source = "./modules/service"
  }

  variables {
    http = null
  }

  expect_failures = [var.backlog]
}
