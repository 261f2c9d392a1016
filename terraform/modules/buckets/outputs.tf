output "blueprints_name" {
  description = "Name of the bucket with the uploaded files."
  value       = aws_s3_bucket.store["blueprints"].id
}

output "cache_name" {
  description = "Name of the bucket with analyses and previews."
  value       = aws_s3_bucket.store["cache"].id
}

output "access_logs_name" {
  description = "Name of the bucket for the load balancer's access logs, known once the load balancer may write there."
  value       = aws_s3_bucket.store["access_logs"].id

  depends_on = [aws_s3_bucket_policy.store]
}

output "object_expiry_days" {
  description = "Days after which the buckets delete a blueprint and its results; no job may live longer."
  value       = local.object_expiry_days
}

output "policies" {
  description = "IAM policy (JSON) of each user: jobs_service, preview_service, reconciler."
  value = {
    for user, statements in local.statements : user => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}
