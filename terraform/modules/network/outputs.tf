output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "One subnet per zone, for the load balancer."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "One subnet per zone, for tasks."
  value       = aws_subnet.private[*].id
}

output "alb_security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.alb.id
}

output "service_security_group_ids" {
  description = "Security group of each service's tasks."
  value       = { for name in ["jobs", "preview"] : name => aws_security_group.tasks[name].id }
}

output "worker_security_group_id" {
  description = "Security group of the tasks of preview's workers."
  value       = aws_security_group.tasks["preview-worker"].id
}

output "reconciler_security_group_id" {
  description = "Security group of the reconciler's tasks."
  value       = aws_security_group.tasks["reconciler"].id
}
