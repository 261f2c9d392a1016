output "id" {
  description = "ARN of the ECS service."
  value       = aws_ecs_service.worker.id
}

output "name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.worker.name
}
