# A workspace is an environment, so these plan the root in the one that names their folder:
#   TF_WORKSPACE=dev terraform test -test-directory=tests/dev

mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  jobs_image      = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-jobs@sha256:1111111111111111111111111111111111111111111111111111111111111111"
  preview_image   = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
}

run "dev_is_small" {
  command = plan

  assert {
    condition     = length(module.network.public_subnet_ids) == 2 && length(module.network.private_subnet_ids) == 2
    error_message = "dev must span two zones."
  }

  assert {
    condition     = local.settings.tasks.minimum == 1 && !local.settings.deletion_protection
    error_message = "dev must run one task of each, and let itself be destroyed."
  }

  assert {
    condition     = output.cluster_name == "location-detection-dev" && local.jobs_environment.ENVIRONMENT == "dev"
    error_message = "Everything must be named after the workspace."
  }

  assert {
    condition     = local.jobs_environment.CORS_ORIGINS == "*"
    error_message = "Any origin may call dev, where none is given."
  }
}

run "an_image_by_tag_is_refused" {
  command = plan

  variables {
    jobs_image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection-jobs:latest"
  }

  expect_failures = [var.jobs_image]
}

run "another_region_than_the_certificates_is_refused" {
  command = plan

  variables {
    certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/00000000-0000-4000-8000-000000000000"
  }

  expect_failures = [terraform_data.environment]
}

run "another_region_than_the_images_is_refused" {
  command = plan

  variables {
    preview_image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/location-detection-preview@sha256:2222222222222222222222222222222222222222222222222222222222222222"
  }

  expect_failures = [terraform_data.environment]
}

run "a_job_lives_for_as_long_as_is_said" {
  command = plan

  variables {
    retention_days = 30
  }

  assert {
    condition     = local.jobs_environment.RETENTION_DAYS == "30"
    error_message = "jobs is not told for how long to keep a job."
  }
}

run "the_code_says_how_long_a_job_lives" {
  command = plan

  assert {
    condition     = !contains(keys(local.jobs_environment), "RETENTION_DAYS")
    error_message = "The default of the code would not count."
  }
}

run "a_job_that_outlives_its_file_is_refused" {
  command = plan

  variables {
    retention_days = 31
  }

  expect_failures = [var.retention_days]
}

run "a_bucket_name_that_is_none_is_refused" {
  command = plan

  variables {
    bucket_suffix = "-Studio"
  }

  expect_failures = [var.bucket_suffix]
}

run "a_bucket_name_too_long_is_refused" {
  command = plan

  variables {
    bucket_suffix = "twenty-eight-characters-long"
  }

  expect_failures = [var.bucket_suffix]
}
