locals {
  path = "/location-detection/${var.environment}"

  # The defaults of docs/configuration.md.
  defaults = {
    "api/rate_limit_per_minute"         = "600"
    "api/service_rate_limit_per_minute" = "60000"
    "jobs/url_input_enabled"            = "false"
    "preview/deadline_seconds"          = "5"
    "preview/textract_features"         = "LAYOUT"
  }
}

# Not secret, so a plan may show them.
resource "aws_ssm_parameter" "setting" {
  for_each = local.defaults

  name           = "${local.path}/${each.key}"
  type           = "String"
  insecure_value = each.value

  # Operators change these while the services run; an apply must not take that back.
  lifecycle {
    ignore_changes = [insecure_value]
  }
}

# Secrets. Their values are write-only arguments, so neither a plan nor the state holds them; they are written once,
# when `_wo_version` is new, and after that belong to `flask keys` and `flask token`, which rotate them.

resource "aws_secretsmanager_secret" "api_keys" {
  name                    = "location-detection/${var.environment}/api/keys"
  description             = "Digests of the API keys; kept by flask keys."
  recovery_window_in_days = local.recovery_window_days
}

resource "aws_secretsmanager_secret_version" "no_api_keys" {
  secret_id                = aws_secretsmanager_secret.api_keys.id
  secret_string_wo         = jsonencode({ keys = [] })
  secret_string_wo_version = 1
  version_stages           = local.first_version_stages

  lifecycle {
    ignore_changes = [version_stages]
  }
}

resource "aws_secretsmanager_secret" "internal_token" {
  name                    = "location-detection/${var.environment}/internal/token"
  description             = "What the services show each other; kept by flask token."
  recovery_window_in_days = local.recovery_window_days
}

# uuid() is 128 bits from the operating system's generator, and new each time.
resource "aws_secretsmanager_secret_version" "first_internal_token" {
  secret_id                = aws_secretsmanager_secret.internal_token.id
  secret_string_wo         = jsonencode({ current = sha256("${uuid()}${uuid()}"), previous = null })
  secret_string_wo_version = 1
  version_stages           = local.first_version_stages

  lifecycle {
    ignore_changes = [version_stages]
  }
}

locals {
  # A deleted secret's name is taken until the window has passed: none where an environment comes and goes.
  recovery_window_days = var.deletion_protection ? 30 : 0

  # AWSCURRENT moves on with the first rotation (hence ignore_changes). AWS removes versions without a label in time,
  # and Terraform would make the missing one anew and with it revoke every key: so the first keeps a label of its own.
  first_version_stages = ["AWSCURRENT", "FIRST"]
}
