# AWS bills the account: environments in one account share the amount.
resource "aws_budgets_budget" "textract" {
  name         = "${var.prefix}-textract"
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.textract_budget_usd)
  limit_unit   = "USD"

  cost_filter {
    name   = "Service"
    values = ["Amazon Textract"]
  }

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }

    content {
      notification_type         = notification.key
      comparison_operator       = "GREATER_THAN"
      threshold                 = notification.value
      threshold_type            = "PERCENTAGE"
      subscriber_sns_topic_arns = [aws_sns_topic.alarms.arn]
    }
  }

  depends_on = [aws_sns_topic_policy.alarms] # the budget tries the topic at once
}
