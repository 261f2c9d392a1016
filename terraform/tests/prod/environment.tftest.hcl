# TF_WORKSPACE=prod terraform test -test-directory=tests/prod

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  jobs_image      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-jobs@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  preview_image   = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  cors_origins    = ["https://plans.example.com", "https://admin.example.com"]
}

run "prod_survives_the_loss_of_a_zone" {
  command = plan

  assert {
    condition     = length(module.network.public_subnet_ids) == 3 && length(module.network.private_subnet_ids) == 3
    error_message = "prod must span three zones."
  }

  assert {
    condition     = local.settings.tasks.minimum >= 2 && local.settings.endpoint_zone_count >= 2
    error_message = "prod must run two tasks of each at least, and reach AWS from more than one zone."
  }

  assert {
    condition     = local.settings.deletion_protection
    error_message = "prod must be protected from deletion."
  }

  assert {
    condition     = local.preview_environment.CORS_ORIGINS == "https://plans.example.com,https://admin.example.com"
    error_message = "The services must be told the origins as they read them, with commas."
  }
}

run "any_origin_is_refused" {
  command = plan

  variables {
    cors_origins = ["https://plans.example.com", "*"]
  }

  expect_failures = [var.cors_origins]
}

run "a_pattern_is_no_origin" {
  command = plan

  variables {
    cors_origins = ["https://(app|www).example.com"]
  }

  expect_failures = [var.cors_origins]
}

run "no_origin_given_is_refused" {
  command = plan

  variables {
    cors_origins = null
  }

  expect_failures = [var.cors_origins]
}
