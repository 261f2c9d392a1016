mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name                = "preview"
  prefix              = "location-detection-prod"
  region              = "us-east-1"
  image               = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  environment         = { ENVIRONMENT = "prod" }
  log_group_name      = "/location-detection/prod/preview"
  log_retention_days  = 90
  cpu                 = 2048
  memory_mib          = 4096
  task_role_arn       = "arn:aws:iam::123456789012:role/location-detection-prod-preview"
  execution_role_arn  = "arn:aws:iam::123456789012:role/location-detection-prod-execution"
  cluster             = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod", name = "location-detection-prod" }
  namespace_arn       = "arn:aws:servicediscovery:us-east-1:123456789012:namespace/ns-mock"
  subnet_ids          = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id   = "sg-mock"
  target_group_arn    = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/mock/0123456789abcdef"
  tasks               = { minimum = 2, maximum = 10 }
  requests_per_target = { label = "app/mock/0123456789abcdef/targetgroup/mock/0123456789abcdef", per_minute = 60 }
}

run "service" {
  command = plan

  module {
    source = "./modules/service"
  }

  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) :
      container.user == "10001" && container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container must not be root, nor write to its root, nor have capabilities."
  }

  assert {
    condition     = [for mount in jsondecode(aws_ecs_task_definition.service.container_definitions)[0].mountPoints : mount.containerPath] == ["/tmp"]
    error_message = "Only /tmp may be writable."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].stopTimeout > 25
    error_message = "ECS must wait longer than gunicorn takes to drain (graceful_timeout)."
  }

  assert {
    condition     = !can(jsondecode(aws_ecs_task_definition.service.container_definitions)[0].secrets)
    error_message = "No secret may be in the task definition: the services read secrets themselves."
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
}
