# An environment that does not exist: TF_WORKSPACE=staging terraform test -test-directory=tests/staging

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  jobs_image      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-jobs@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  preview_image   = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
}

run "another_workspace_is_refused" {
  command = plan

  expect_failures = [terraform_data.environment]
}
