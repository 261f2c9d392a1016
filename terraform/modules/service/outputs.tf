output "id" {
  description = "ARN of the ECS service, known once its Service Connect endpoint is there."
  value       = aws_ecs_service.service.id
}

output "name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.service.name
}
