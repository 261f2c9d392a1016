output "path" {
  description = "Path of the parameters."
  value       = local.path
}

output "api_keys_secret_name" {
  description = "Name of the secret with the API keys' digests."
  value       = aws_secretsmanager_secret.api_keys.name
}

output "internal_token_secret_name" {
  description = "Name of the secret with the bearer token between the services."
  value       = aws_secretsmanager_secret.internal_token.name
}

output "policies" {
  description = "IAM policy (JSON) of each user: jobs_service, preview_service, preview_worker."
  value = {
    for user, statements in local.statements : user => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}
