output "schedule_group_name" {
  description = "What CloudWatch counts the schedule's failures by."
  value       = aws_scheduler_schedule_group.reconciler.name
}

output "task_family" {
  description = "Family of the task definition, by which its runs are known."
  value       = aws_ecs_task_definition.reconciler.family
}
