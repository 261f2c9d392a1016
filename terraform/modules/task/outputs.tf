output "definition" {
  description = "ARN of the task definition, with and without its revision."
  value = {
    arn                  = aws_ecs_task_definition.task.arn
    arn_without_revision = aws_ecs_task_definition.task.arn_without_revision
  }
}
