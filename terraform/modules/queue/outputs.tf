output "name" {
  description = "Name of the queue of pages."
  value       = aws_sqs_queue.pages.name
}

output "dead_name" {
  description = "Name of the queue of its dead letters."
  value       = aws_sqs_queue.dead.name
}

output "policies" {
  description = "IAM policy (JSON) of each user: preview_service, preview_worker."
  value = {
    for user, statements in local.statements : user => jsonencode({ Version = "2012-10-17", Statement = statements })
  }
}
