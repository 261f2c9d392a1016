output "arn" {
  description = "ARN of the role, for a task definition."
  value       = aws_iam_role.task.arn

  # Without the policy a task that starts is refused everything.
  depends_on = [aws_iam_role_policy.task]
}
