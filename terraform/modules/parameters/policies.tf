# IAM statements per service: each reads the parameters of its own group and those of the API. The reconciler reads none.

locals {
  read_secrets = {
    Sid      = "ReadSecrets"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = [aws_secretsmanager_secret.api_keys.arn, aws_secretsmanager_secret.internal_token.arn]
  }

  # Nobody shows a worker an API key.
  read_token = {
    Sid      = "ReadToken"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = [aws_secretsmanager_secret.internal_token.arn]
  }

  read_parameters = { for service in ["jobs", "preview"] : service => {
    Sid    = "ReadParameters"
    Effect = "Allow"
    Action = ["ssm:GetParameters"]
    Resource = [
      for name, setting in aws_ssm_parameter.setting : setting.arn if contains(["api", service], split("/", name)[0])
    ]
  } }

  statements = {
    jobs_service    = [local.read_secrets, local.read_parameters.jobs]
    preview_service = [local.read_secrets, local.read_parameters.preview]
    preview_worker  = [local.read_token, local.read_parameters.preview]
  }
}
