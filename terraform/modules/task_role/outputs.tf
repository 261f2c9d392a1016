output "arn" {
  description = "ARN of the role, for a task definition."
  value       = aws_iam_role.task.arn

  # Without the policy a task that starts is refused everything.
  depends_on = [aws_iam_role_policy.task]
}

output "name" {
  description = "Name of the role."
  value       = aws_iam_role.task.name
}

output "policy_json" {
  description = "IAM policy (JSON) with all permissions of the role."
  value       = local.policy_json
}
