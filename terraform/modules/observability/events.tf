# What no metric says: that a task of the reconciler failed, or that a deployment was undone.

locals {
  events = {
    "reconciler-failed" = {
      says = "A run of the reconciler failed"
      pattern = {
        source        = ["aws.ecs"]
        "detail-type" = ["ECS Task State Change"]
        detail = {
          clusterArn = [var.cluster.arn]
          group      = ["family:${var.reconciler_task_family}"]
          lastStatus = ["STOPPED"]
          "$or" = [
            { containers = { exitCode = [{ "anything-but" = [0] }] } },
            { stopCode = ["TaskFailedToStart"] },
          ]
        }
      }
      reason = "$.detail.stoppedReason"
    }
    "deployment-failed" = {
      says = "New tasks did not become healthy, and ECS went back to those before"
      pattern = {
        source        = ["aws.ecs"]
        "detail-type" = ["ECS Deployment State Change"]
        resources     = [for name in keys(local.own) : "${replace(var.cluster.arn, ":cluster/", ":service/")}/${name}"]
        detail        = { eventName = ["SERVICE_DEPLOYMENT_FAILED"] }
      }
      reason = "$.detail.reason"
    }
  }
}

resource "aws_cloudwatch_event_rule" "failure" {
  for_each = local.events

  name          = "${var.prefix}-${each.key}"
  description   = each.value.says
  event_pattern = jsonencode(each.value.pattern)
}

resource "aws_cloudwatch_event_target" "alarms" {
  for_each = local.events

  rule      = aws_cloudwatch_event_rule.failure[each.key].name
  target_id = "alarms"
  arn       = aws_sns_topic.alarms.arn

  input_transformer {
    input_paths    = { what = "$.resources[0]", reason = each.value.reason }
    input_template = "\"${var.prefix}: ${each.value.says}: <reason> (<what>)\""
  }
}
