output "names" {
  description = "Name of each table, by its role: jobs, feedback, idempotency, uploads, rate_limits, preview_cache, preview_pages."
  value       = { for role, table in aws_dynamodb_table.store : role => table.name }
}

output "arns" {
  description = "ARN of each table, by its role."
  value       = local.arns
}

output "policies" {
  description = "IAM policy (JSON) of each user: jobs_service, preview_service, preview_worker, reconciler."
  value = {
    for user, statements in local.statements : user => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}
