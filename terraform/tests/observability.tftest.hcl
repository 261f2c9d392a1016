mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix                    = "location-detection-prod"
  environment               = "prod"
  region                    = "us-east-1"
  alarm_email               = "operators@example.com"
  alb_arn_suffix            = "app/mock/0123456789abcdef"
  target_group_arn_suffixes = { jobs = "targetgroup/jobs/0123456789abcdef", preview = "targetgroup/preview/0123456789abcdef" }
  table_names               = { jobs = "location-detection-prod-jobs", rate_limits = "location-detection-prod-rate-limits" }
  queue_names               = { pages = "location-detection-prod-preview-pages", dead = "location-detection-prod-preview-pages-dead" }
  cluster                   = { arn = "arn:aws:ecs:us-east-1:123456789012:cluster/location-detection-prod", name = "location-detection-prod" }
  textract_budget_usd       = 200
}

run "observability" {
  command = plan

  module {
    source = "./modules/observability"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.alarm : alarm.alarm_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "Every alarm must reach somebody."
  }

  assert {
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.alarm : length(alarm.metric_query) - 1 <= 10])
    error_message = "AWS lets an alarm's formula use ten metrics."
  }

  assert {
    condition = alltrue([for alarm in aws_cloudwatch_metric_alarm.alarm : alltrue([for query in alarm.metric_query :
      length(query.metric) == 0 || strcontains(one([for result in alarm.metric_query : result.expression if result.id == "result"]), "FILL(${query.id}, 0)")
    ])])
    error_message = "Every metric must be part of its alarm's formula, and be zero where it is not counted."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.alarm["availability"].threshold == 99.5 && aws_cloudwatch_metric_alarm.alarm["availability"].comparison_operator == "LessThanThreshold"
    error_message = "The objective is 99.5 %."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.alarm["dead-letters"].threshold == 0 && aws_cloudwatch_metric_alarm.alarm["dead-letters"].evaluation_periods == 1
      && aws_cloudwatch_metric_alarm.alarm["pages-waiting"].threshold == 1800
    )
    error_message = "The first dead letter is told at once, and pages that wait for over half an hour."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.alarm["preview-slow"].threshold == 5 && aws_cloudwatch_metric_alarm.alarm["jobs-slow"].threshold == 10
    error_message = "A preview has five seconds."
  }

  assert {
    condition = alltrue(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.services.dashboard_body).widgets : [
      for metric in try(widget.properties.metrics, []) : can(metric[0].expression) || (can(metric[3]) && length(metric) >= 4)
    ]]))
    error_message = "A metric on the dashboard is a formula, or namespace, name and dimensions."
  }
}
