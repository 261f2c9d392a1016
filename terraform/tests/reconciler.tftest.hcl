mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix             = "location-detection-prod"
  region             = "us-east-1"
  image              = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-jobs@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  environment        = { ENVIRONMENT = "prod" }
  log_group_name     = "/location-detection/prod/reconciler"
  log_retention_days = 90
  task_role_arn      = "arn:aws:iam::123456789012:role/location-detection-prod-reconciler"
  execution_role_arn = "arn:aws:iam::123456789012:role/location-detection-prod-execution"
  cluster_arn        = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod"
  subnet_ids         = ["subnet-a", "subnet-b"]
  security_group_id  = "sg-mock"
}

run "reconciler" {
  command = plan

  module {
    source = "./modules/reconciler"
  }

  assert {
    condition     = aws_scheduler_schedule.reconciler.schedule_expression == "rate(5 minutes)" && aws_scheduler_schedule.reconciler.flexible_time_window[0].mode == "OFF"
    error_message = "It must run every five minutes, or a file without a job could outlive fifteen."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.reconciler.container_definitions)[0].command == ["flask", "--app", "wsgi", "reconcile"]
    error_message = "It runs the command of jobs."
  }

  # The same hardening as modules/service, which tests/service.tftest.hcl asserts.
  assert {
    condition = alltrue([for container in jsondecode(aws_ecs_task_definition.reconciler.container_definitions) :
      container.user == "10001" && container.readonlyRootFilesystem && container.linuxParameters.capabilities.drop == ["ALL"]
    ])
    error_message = "The container must not be root, nor write to its root, nor have capabilities."
  }

  assert {
    condition     = [for mount in jsondecode(aws_ecs_task_definition.reconciler.container_definitions)[0].mountPoints : mount.containerPath] == ["/tmp"]
    error_message = "Only /tmp may be writable."
  }

  assert {
    condition     = !can(jsondecode(aws_ecs_task_definition.reconciler.container_definitions)[0].secrets)
    error_message = "No secret may be in the task definition."
  }

  assert {
    condition     = !aws_scheduler_schedule.reconciler.target[0].ecs_parameters[0].network_configuration[0].assign_public_ip
    error_message = "Its task has no public address."
  }
}
