mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  name               = "preview"
  prefix             = "location-detection-prod"
  region             = "us-east-1"
  task_role_arn      = "arn:aws:iam::123456789012:role/location-detection-prod-preview"
  execution_role_arn = "arn:aws:iam::123456789012:role/location-detection-prod-execution"
  log_group_name     = "/location-detection/prod/preview"
  log_retention_days = 90
  task = {
    image       = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
    environment = { ENVIRONMENT = "prod" }
    cpu         = 2048
    memory_mib  = 4096
  }
}

run "task" {
  command = plan

  module {
    source = "./modules/task"
  }

  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.task.container_definitions) :
      container.user == "10001" && container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container must not be root, nor write to its root, nor have capabilities."
  }

  assert {
    condition     = [for mount in jsondecode(aws_ecs_task_definition.task.container_definitions)[0].mountPoints : mount.containerPath] == ["/tmp"]
    error_message = "Only /tmp may be writable."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.task.container_definitions)[0].stopTimeout > 25
    error_message = "ECS must wait longer than gunicorn takes to drain (graceful_timeout)."
  }

  assert {
    condition = length(setintersection(
      keys(jsondecode(aws_ecs_task_definition.task.container_definitions)[0]), ["secrets", "command", "portMappings", "healthCheck"]
    )) == 0
    error_message = "No secret may be in the task definition, for services read them themselves; what is not said is the image's own."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.task.container_definitions)[0].logConfiguration.options.mode == "non-blocking"
    error_message = "A request must not wait for a log that is slow."
  }

  assert {
    condition     = aws_ecs_task_definition.task.skip_destroy
    error_message = "A revision must stay for a rollback."
  }
}
