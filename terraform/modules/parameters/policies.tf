# What each user reads. The reconciler reads nothing here; jobs has no parameter that it reads yet.

locals {
  read_secrets = {
    Sid      = "ReadSecrets"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = [aws_secretsmanager_secret.api_keys.arn, aws_secretsmanager_secret.internal_token.arn]
  }

  read_parameters = {
    Sid      = "ReadParameters"
    Effect   = "Allow"
    Action   = ["ssm:GetParameters"]
    Resource = [for name, setting in aws_ssm_parameter.setting : setting.arn if startswith(name, "preview/")]
  }

  statements = {
    jobs_service    = [local.read_secrets]
    preview_service = [local.read_secrets, local.read_parameters]
  }
}
