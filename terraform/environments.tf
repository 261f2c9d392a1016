# All differences between the environments, and nothing else; a workspace is an environment.

locals {
  project = "location-detection"

  environments = {
    dev = {
      zone_count          = 2
      enable_nat          = false
      endpoint_zone_count = 1 # one more zone costs $51 a month, and dev may be down for as long as a zone is
      deletion_protection = false
      any_origin_allowed  = true
      log_retention_days  = 14
      tasks               = { minimum = 1, maximum = 2 }
      workers             = { minimum = 1, maximum = 4 }
      preview_task        = { cpu = 1024, memory_mib = 3072 }
      textract_budget_usd = 20
    }
    prod = {
      zone_count          = 3
      enable_nat          = false
      endpoint_zone_count = 3
      deletion_protection = true
      any_origin_allowed  = false
      log_retention_days  = 90
      tasks               = { minimum = 2, maximum = 10 } # two in two zones: one may go, and the service stays
      workers             = { minimum = 2, maximum = 16 } # Textract reads ten pages a second at most, each in a second or two
      preview_task        = { cpu = 2048, memory_mib = 4096 }
      textract_budget_usd = 200
    }
  }

  # Read through the resource that refuses unknown workspaces, so nothing is planned before its check.
  environment = terraform_data.environment.input
  settings    = local.environments[local.environment]
  prefix      = "${local.project}-${local.environment}"

  # Regions in variables; each must be that of AWS_REGION.
  regions_named = {
    certificate_arn = split(":", var.certificate_arn)[3]
    jobs_image      = regex(local.image_pattern, var.jobs_image).region
    preview_image   = regex(local.image_pattern, var.preview_image).region
  }
}

resource "terraform_data" "environment" {
  input = terraform.workspace

  lifecycle {
    precondition {
      condition = contains(keys(local.environments), terraform.workspace)
      error_message = join(" ", [
        "There is no environment \"${terraform.workspace}\": a workspace is an environment, and the environments are",
        "${join(" and ", keys(local.environments))}. Select one: terraform workspace select -or-create dev",
      ])
    }

    # A plan in another region would not find the existing resources, and create everything a second time.
    precondition {
      condition = alltrue([for region in values(local.regions_named) : region == local.region])
      error_message = join(" ", [
        "AWS_REGION is ${local.region}, and these are elsewhere:",
        "${join(", ", [for name, region in local.regions_named : "${name} in ${region}" if region != local.region])}.",
        "Everything is in one region: set AWS_REGION to it.",
      ])
    }
  }
}
