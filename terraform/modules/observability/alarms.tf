# Each alarm is a metric math expression, compared with a threshold once per period. The services' own metrics have the
# namespace LocationDetection and the dimensions service and environment (shared/src/shared/metrics.py).

locals {
  alb                = { LoadBalancer = var.alb_arn_suffix }
  targets            = { for name, suffix in var.target_group_arn_suffixes : name => merge(local.alb, { TargetGroup = suffix }) }
  service_dimensions = { for name in ["jobs", "preview"] : name => { service = name, environment = var.environment } }

  # Callers may ask jobs to wait for 20 s, which its own metric leaves out and the load balancer's does not.
  latency_p95 = {
    jobs = {
      seconds    = 10 # the deadline of a route; uploads from slow clients come on top
      expression = "latency / 1000"
      metric     = { namespace = "LocationDetection", name = "Latency", stat = "p95", dimensions = local.service_dimensions.jobs }
    }
    preview = {
      seconds    = 5 # the deadline of a preview
      expression = "latency"
      metric     = { namespace = "AWS/ApplicationELB", name = "TargetResponseTime", stat = "p95", dimensions = local.targets.preview }
    }
  }

  availability_alarm = {
    "availability" = {
      description = "Under 99.5 % of the requests of six hours were answered without a 5xx."
      period      = 21600
      below       = 99.5
      expression  = "IF(requests + unrouted > 0, 100 * (1 - (failed + unrouted) / (requests + unrouted)), 100)"
      metrics = {
        # Requests for which the load balancer found no healthy task are not in RequestCount.
        requests = { namespace = "AWS/ApplicationELB", name = "RequestCount", stat = "Sum", dimensions = local.alb }
        failed   = { namespace = "AWS/ApplicationELB", name = "HTTPCode_Target_5XX_Count", stat = "Sum", dimensions = local.alb }
        unrouted = { namespace = "AWS/ApplicationELB", name = "HTTPCode_ELB_5XX_Count", stat = "Sum", dimensions = local.alb }
      }
    }
  }

  routing_alarms = merge(
    {
      "alb-5xx" = {
        description = "The load balancer itself answered with 5xx: no task was healthy, or a task closed the connection."
        above       = 5
        expression  = "failed"
        metrics     = { failed = { namespace = "AWS/ApplicationELB", name = "HTTPCode_ELB_5XX_Count", stat = "Sum", dimensions = local.alb } }
      }
    },
    {
      for name, target in local.targets : "${name}-5xx" => {
        description = "The service ${name} answered with 5xx."
        above       = 5
        expression  = "failed"
        metrics     = { failed = { namespace = "AWS/ApplicationELB", name = "HTTPCode_Target_5XX_Count", stat = "Sum", dimensions = target } }
      }
    },
    {
      for name, latency in local.latency_p95 : "${name}-slow" => {
        description = "The 95th percentile of the latency of ${name} was over ${latency.seconds} s for a quarter of an hour."
        above       = latency.seconds
        periods     = 3
        expression  = latency.expression
        metrics     = { latency = latency.metric }
      }
    },
    {
      for name, target in local.targets : "${name}-unhealthy" => {
        description = "A task of ${name} has failed its health check for five minutes."
        period      = 60
        periods     = 5 # each of them: a task that is only starting or stopping does not count
        above       = 0
        expression  = "unhealthy"
        metrics     = { unhealthy = { namespace = "AWS/ApplicationELB", name = "UnHealthyHostCount", stat = "Maximum", dimensions = target } }
      }
    },
  )

  table_alarms = merge(
    {
      for kind in ["Read", "Write"] : "tables-${lower(kind)}-throttled" => {
        description = "DynamoDB throttled ${lower(kind)}s: an on-demand table takes up to twice its last peak at once."
        above       = 10
        expression  = join(" + ", keys(var.table_names))
        metrics = {
          for role, name in var.table_names :
          role => { namespace = "AWS/DynamoDB", name = "${kind}ThrottleEvents", stat = "Sum", dimensions = { TableName = name } }
        }
      }
    },
    {
      for role, name in var.table_names : "table-${replace(role, "_", "-")}-errors" => {
        description = "DynamoDB answered requests to the table ${name} with system errors."
        above       = 5
        expression  = join(" + ", [for operation in local.operations : lower(operation)])
        metrics = {
          for operation in local.operations : lower(operation) => {
            namespace  = "AWS/DynamoDB", name = "SystemErrors", stat = "Sum"
            dimensions = { TableName = name, Operation = operation }
          }
        }
      }
    },
  )
  # DynamoDB counts its errors only by operation; where these four work, the others do.
  operations = ["GetItem", "PutItem", "Query", "UpdateItem"]

  work_alarms = {
    "jobs-failing" = {
      # A share, because an unreadable blueprint also fails its job, and that is the caller's mistake.
      description = "Of the jobs that ended in the last quarter of an hour, five or more and over a quarter failed."
      period      = 900
      above       = 25
      expression  = "IF(failed >= 5, 100 * failed / (failed + completed), 0)"
      metrics = {
        for status in ["failed", "completed"] : status => {
          namespace  = "LocationDetection", name = "Jobs", stat = "Sum"
          dimensions = merge(local.service_dimensions.jobs, { status = status })
        }
      }
    }

    "textract-failing" = {
      description = "Textract could not read five or more pages, and over a tenth of all, in five minutes. Their previews have no names."
      above       = 10
      expression  = "IF(late + unavailable + failed >= 5, 100 * (late + unavailable + failed) / (late + unavailable + failed + pages), 0)"
      metrics = merge(
        { pages = { namespace = "LocationDetection", name = "TextractPages", stat = "Sum", dimensions = local.service_dimensions.preview } },
        {
          for kind in ["late", "unavailable", "failed"] : kind => {
            namespace  = "LocationDetection", name = "TextractErrors", stat = "Sum"
            dimensions = merge(local.service_dimensions.preview, { kind = kind })
          }
        },
      )
    }

    "textract-spending" = {
      description = "Textract cost over a tenth of its monthly budget in one day. The bill shows that a day later."
      period      = 86400
      above       = var.textract_budget_usd / 10
      expression  = "usd"
      metrics     = { usd = { namespace = "LocationDetection", name = "TextractEstimatedUsd", stat = "Sum", dimensions = local.service_dimensions.preview } }
    }

    "keys-refused" = {
      description = "Over a hundred requests in five minutes had no valid API key."
      above       = 100
      expression  = join(" + ", keys(local.service_dimensions))
      metrics = {
        for name, own in local.service_dimensions :
        name => { namespace = "LocationDetection", name = "Errors", stat = "Sum", dimensions = merge(own, { code = "UNAUTHORIZED" }) }
      }
    }

    "reconciler-missing" = {
      description = "No run of the reconciler has finished for a quarter of an hour: not started, or aborted."
      period      = 900
      below       = 1
      missing     = "breaching"
      expression  = "runs"
      metrics     = { runs = { namespace = "LocationDetection", name = "ReconcilerRuns", stat = "Sum", dimensions = local.service_dimensions.jobs } }
    }

    "reconciler-failing" = {
      description = "A run of the reconciler failed in a part, or refused it. Its log says why."
      above       = 0
      expression  = "failures"
      metrics     = { failures = { namespace = "LocationDetection", name = "ReconcilerFailures", stat = "Sum", dimensions = local.service_dimensions.jobs } }
    }
  }

  queue_alarms = {
    "pages-waiting" = {
      description = "A page waited in the queue for over half an hour, for a quarter of an hour."
      above       = 1800
      periods     = 3
      expression  = "seconds"
      metrics     = { seconds = { namespace = "AWS/SQS", name = "ApproximateAgeOfOldestMessage", stat = "Maximum", dimensions = { QueueName = var.queue_names.pages } } }
    }

    "dead-letters" = {
      description = "A message was received ten times, and no worker finished it."
      above       = 0
      expression  = "letters"
      metrics     = { letters = { namespace = "AWS/SQS", name = "ApproximateNumberOfMessagesVisible", stat = "Maximum", dimensions = { QueueName = var.queue_names.dead } } }
    }
  }

  alarms = merge(
    local.availability_alarm, local.routing_alarms, local.table_alarms, local.queue_alarms, local.work_alarms
  )
}

resource "aws_cloudwatch_metric_alarm" "alarm" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = each.value.description
  comparison_operator = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold           = try(each.value.below, each.value.above)
  evaluation_periods  = try(each.value.periods, 1)
  treat_missing_data  = try(each.value.missing, "notBreaching")
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  # A metric without data points counts as zero.
  metric_query {
    id          = "result"
    label       = each.key
    expression  = replace(each.value.expression, "/\\b(${join("|", keys(each.value.metrics))})\\b/", "FILL($1, 0)")
    return_data = true
  }

  dynamic "metric_query" {
    for_each = each.value.metrics

    content {
      id = metric_query.key

      metric {
        namespace   = metric_query.value.namespace
        metric_name = metric_query.value.name
        dimensions  = metric_query.value.dimensions
        stat        = metric_query.value.stat
        period      = try(each.value.period, 300)
      }
    }
  }
}
