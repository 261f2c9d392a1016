mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix             = "location-detection-prod"
  task_role_arn      = "arn:aws:iam::123456789012:role/location-detection-prod-reconciler"
  execution_role_arn = "arn:aws:iam::123456789012:role/location-detection-prod-execution"
  cluster_arn        = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod"
  subnet_ids         = ["subnet-a", "subnet-b"]
  security_group_id  = "sg-mock"
  task_definition = {
    arn                  = "arn:aws:ecs:us-east-1:123456789012:task-definition/location-detection-prod-reconciler:1"
    arn_without_revision = "arn:aws:ecs:us-east-1:123456789012:task-definition/location-detection-prod-reconciler"
  }
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
    condition     = !aws_scheduler_schedule.reconciler.target[0].ecs_parameters[0].network_configuration[0].assign_public_ip
    error_message = "Its task has no public address."
  }
}
