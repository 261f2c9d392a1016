# ECS rolled a deployment back, which no metric shows.

resource "aws_cloudwatch_event_rule" "deployment_failed" {
  name        = "${var.prefix}-deployment-failed"
  description = "New tasks did not become healthy, and ECS rolled the deployment back"

  event_pattern = jsonencode({
    source        = ["aws.ecs"]
    "detail-type" = ["ECS Deployment State Change"]
    resources     = [for name in concat(keys(local.service_dimensions), ["preview-worker"]) : "${replace(var.cluster.arn, ":cluster/", ":service/")}/${name}"]
    detail        = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
  })
}

resource "aws_cloudwatch_event_target" "deployment_failed" {
  rule      = aws_cloudwatch_event_rule.deployment_failed.name
  target_id = "alarms"
  arn       = aws_sns_topic.alarms.arn

  input_transformer {
    input_paths    = { service = "$.resources[0]", reason = "$.detail.reason" }
    input_template = "\"ECS rolled a deployment back; the tasks before it keep running: <service>, <reason>\""
  }
}
