output "alarm_topic_arn" {
  description = "Topic of everything that a person must know."
  value       = aws_sns_topic.alarms.arn
}
