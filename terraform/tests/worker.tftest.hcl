mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix             = "location-detection-prod"
  region             = "us-east-1"
  image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  environment        = { ENVIRONMENT = "prod" }
  log_group_name     = "/location-detection/prod/preview-worker"
  log_retention_days = 90
  task_role_arn      = "arn:aws:iam::123456789012:role/location-detection-prod-preview-worker"
  execution_role_arn = "arn:aws:iam::123456789012:role/location-detection-prod-execution"
  cluster            = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod", name = "location-detection-prod" }
  namespace_arn      = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-mock"
  subnet_ids         = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id  = "sg-mock"
  tasks              = { minimum = 2, maximum = 16 }
  queue_name         = "location-detection-prod-preview-pages"
  pages_per_task     = 30
}

run "worker" {
  command = plan

  module {
    source = "./modules/worker"
  }

  assert {
    condition     = slice(jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].command, 0, 4) == ["flask", "--app", "wsgi", "work"]
    error_message = "It runs the command of preview."
  }

  # The same hardening as modules/service, which tests/service.tftest.hcl asserts.
  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.worker.container_definitions) :
      container.user == "10001" && container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container must not be root, nor write to its root, nor have capabilities."
  }

  assert {
    condition     = [for mount in jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].mountPoints : mount.containerPath] == ["/tmp"]
    error_message = "Only /tmp may be writable."
  }

  assert {
    condition     = !can(jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].secrets)
    error_message = "No secret may be in the task definition."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].stopTimeout == 60
    error_message = "ECS must wait longer than a worker goes on with its page."
  }

  assert {
    condition = strcontains(
      jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].healthCheck.command[3],
      jsondecode(aws_ecs_task_definition.worker.container_definitions)[0].command[5]
    )
    error_message = "The health check must look at the file that the worker touches."
  }

  assert {
    condition     = length(aws_ecs_service.worker.load_balancer) == 0 && length(aws_ecs_service.worker.service_connect_configuration[0].service) == 0
    error_message = "Nobody calls a worker."
  }

  assert {
    condition     = !aws_ecs_service.worker.network_configuration[0].assign_public_ip && length(aws_ecs_service.worker.network_configuration[0].subnets) == 3
    error_message = "Tasks are spread over all private subnets, without public addresses."
  }

  assert {
    condition     = aws_appautoscaling_target.tasks.min_capacity == 2 && aws_appautoscaling_target.tasks.max_capacity == 16
    error_message = "Autoscaling must stay between minimum and maximum."
  }

  assert {
    condition = toset([
      for metric in aws_appautoscaling_policy.backlog.target_tracking_scaling_policy_configuration[0].customized_metric_specification[0].metrics :
      try("${metric.metric_stat[0].metric[0].namespace} ${metric.metric_stat[0].metric[0].metric_name}", metric.expression)
    ]) == toset(["waiting / running", "AWS/SQS ApproximateNumberOfMessagesVisible", "ECS/ContainerInsights RunningTaskCount"])
    error_message = "Workers are scaled on the backlog per worker."
  }
}

run "no_worker_at_all_is_refused" {
  command = plan

  module {
    source = "./modules/worker"
  }

  variables {
    tasks = { minimum = 0, maximum = 1 }
  }

  expect_failures = [var.tasks]
}
