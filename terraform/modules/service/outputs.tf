output "id" {
  description = "ARN of the ECS service, known once its Service Connect endpoint exists."
  value       = aws_ecs_service.service.id
}

output "name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.service.name
}
