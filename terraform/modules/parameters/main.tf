locals {
  path = "/location-detection/${var.environment}"

  # The defaults of docs/configuration.md.
  defaults = {
    "api/pages_per_day"                 = "20000"
    "api/rate_limit_per_minute"         = "600"
    "api/service_rate_limit_per_minute" = "60000"
    "jobs/url_input_enabled"            = "false"
    "preview/deadline_seconds"          = "5"
    "preview/textract_features"         = "LAYOUT"
  }
}

# Settings and no secrets, so a plan may show them.
resource "aws_ssm_parameter" "setting" {
  for_each = local.defaults

  name           = "${local.path}/${each.key}"
  type           = "String"
  insecure_value = each.value

  # Operators change these while the services run; an apply must not undo it.
  lifecycle {
    ignore_changes = [insecure_value]
  }
}

# Secrets. Their values are write-only arguments, so neither a plan nor the state holds them; they are written once,
# when `_wo_version` is new, and after that belong to `flask keys` and `flask token`, which rotate them.

resource "aws_secretsmanager_secret" "api_keys" {
  name                    = "location-detection/${var.environment}/api/keys"
  description             = "Digests of the API keys; managed by flask keys."
  recovery_window_in_days = local.recovery_window_days
}

resource "aws_secretsmanager_secret_version" "no_api_keys" {
  secret_id                = aws_secretsmanager_secret.api_keys.id
  secret_string_wo         = jsonencode({ keys = [] })
  secret_string_wo_version = 1
  version_stages           = local.initial_version_stages

  lifecycle {
    ignore_changes = [version_stages]
  }
}

resource "aws_secretsmanager_secret" "internal_token" {
  name                    = "location-detection/${var.environment}/internal/token"
  description             = "Bearer token between the services; managed by flask token."
  recovery_window_in_days = local.recovery_window_days
}

# uuid() is 128 bits from the operating system's generator, and new each time.
resource "aws_secretsmanager_secret_version" "first_internal_token" {
  secret_id                = aws_secretsmanager_secret.internal_token.id
  secret_string_wo         = jsonencode({ current = sha256("${uuid()}${uuid()}"), previous = null })
  secret_string_wo_version = 1
  version_stages           = local.initial_version_stages

  lifecycle {
    ignore_changes = [version_stages]
  }
}

locals {
  # A deleted secret blocks its name until the window has passed: no window where environments come and go.
  recovery_window_days = var.deletion_protection ? 30 : 0

  # The first rotation moves AWSCURRENT (hence ignore_changes). AWS removes versions without a label; Terraform would then
  # create the missing version anew and revoke every key. So the first version has a label of its own.
  initial_version_stages = ["AWSCURRENT", "FIRST"]
}
