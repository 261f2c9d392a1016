output "state_bucket_name" {
  description = "Bucket for the state: -backend-config=\"bucket=...\", and the variable STATE_BUCKET of the workflows."
  value       = aws_s3_bucket.state.id
}

output "repository_urls" {
  description = "Where the image of each service is pushed."
  value       = { for service, repository in aws_ecr_repository.service : service => repository.repository_url }
}

output "role_arns" {
  description = "Role of each kind of workflow: images, plan, deploy-dev, deploy-prod; none without github_repository."
  value       = { for job, role in aws_iam_role.workflow : job => role.arn }
}
