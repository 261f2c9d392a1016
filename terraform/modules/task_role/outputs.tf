output "arn" {
  description = "ARN of the role, for a task definition."
  value       = aws_iam_role.task.arn

  # A task that starts before the policy is there is refused everything.
  depends_on = [aws_iam_role_policy.task]
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.task.name
}

output "policy_json" {
  description = "All that the role may do, as one IAM policy (JSON)."
  value       = local.policy_json
}
