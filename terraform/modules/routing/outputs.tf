output "alb_dns_name" {
  description = "Where the load balancer answers."
  value       = aws_lb.public.dns_name
}

output "alb_zone_id" {
  description = "Route 53 zone of that name."
  value       = aws_lb.public.zone_id
}

output "target_group_arns" {
  description = "Target group of each service. Only known once the rules lead there, or ECS would refuse it."
  value       = { for name, group in aws_lb_target_group.service : name => group.arn }

  depends_on = [aws_lb_listener_rule.path]
}

output "request_count_labels" {
  description = "What Application Auto Scaling calls each service's target group."
  value = {
    for name, group in aws_lb_target_group.service : name => "${aws_lb.public.arn_suffix}/${group.arn_suffix}"
  }
}

output "alb_arn_suffix" {
  description = "What CloudWatch calls the load balancer."
  value       = aws_lb.public.arn_suffix
}

output "target_group_arn_suffixes" {
  description = "What CloudWatch calls each service's target group."
  value       = { for name, group in aws_lb_target_group.service : name => group.arn_suffix }
}
