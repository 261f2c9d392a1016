variable "prefix" {
  description = "Begins every name."
  type        = string
}

variable "environment" {
  description = "Value of the dimension environment in the services' own metrics."
  type        = string
}

variable "region" {
  description = "Region of the metrics on the dashboard."
  type        = string
}

variable "alarm_email" {
  description = "Where alarms are sent, if anywhere."
  type        = string
}

variable "alb_arn_suffix" {
  description = "What CloudWatch calls the load balancer."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "What CloudWatch calls the target group of each service."
  type        = map(string)
}

variable "table_names" {
  description = "Names of the tables, by role."
  type        = map(string)
}

variable "cluster" {
  description = "ECS cluster of the services."
  type        = object({ arn = string, name = string })
}

variable "textract_budget_usd" {
  description = "What Textract may cost in a month."
  type        = number

  validation {
    condition     = var.textract_budget_usd > 0
    error_message = "textract_budget_usd must be above 0."
  }
}
