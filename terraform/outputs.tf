output "alb_dns_name" {
  description = "DNS name of the load balancer; point the certificate's name at it (CNAME, or an alias record with alb_zone_id)."
  value       = module.routing.alb_dns_name
}

output "alb_zone_id" {
  description = "Route 53 zone of alb_dns_name, for an alias record."
  value       = module.routing.alb_zone_id
}

output "cluster_name" {
  description = "ECS cluster, for waiting until a deployment has finished."
  value       = aws_ecs_cluster.tasks.name
}

output "service_names" {
  description = "ECS services in the cluster."
  value       = [module.jobs.name, module.preview.name, module.worker.name]
}

output "api_keys_secret_name" {
  description = "Secret that `flask keys issue` writes the first API key to."
  value       = module.parameters.api_keys_secret_name
}

output "alarm_topic_arn" {
  description = "SNS topic of the alarms, for those who do not want e-mail."
  value       = module.observability.alarm_topic_arn
}
