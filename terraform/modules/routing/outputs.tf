output "alb_dns_name" {
  description = "DNS name of the load balancer."
  value       = aws_lb.public.dns_name
}

output "alb_zone_id" {
  description = "Route 53 zone of alb_dns_name, for an alias record."
  value       = aws_lb.public.zone_id
}

output "target_group_arns" {
  description = "ARN of each service's target group, known once a listener rule uses it: ECS refuses an unused one."
  value       = { for name, group in aws_lb_target_group.service : name => group.arn }

  depends_on = [aws_lb_listener_rule.path]
}

output "request_count_labels" {
  description = "Resource label of each service's target group, for Application Auto Scaling."
  value = {
    for name, group in aws_lb_target_group.service : name => "${aws_lb.public.arn_suffix}/${group.arn_suffix}"
  }
}

output "alb_arn_suffix" {
  description = "ARN suffix of the load balancer, its dimension in CloudWatch."
  value       = aws_lb.public.arn_suffix
}

output "target_group_arn_suffixes" {
  description = "ARN suffix of each service's target group, its dimension in CloudWatch."
  value       = { for name, group in aws_lb_target_group.service : name => group.arn_suffix }
}
