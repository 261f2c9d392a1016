variable "prefix" {
  description = "Prefix of every name."
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
  description = "E-mail address that receives the alarms; null for none."
  type        = string
}

variable "alb_arn_suffix" {
  description = "ARN suffix of the load balancer, its dimension in CloudWatch."
  type        = string
}

variable "target_group_arn_suffixes" {
  description = "ARN suffix of each service's target group, its dimension in CloudWatch."
  type        = map(string)
}

variable "table_names" {
  description = "Names of the tables, by role."
  type        = map(string)
}

variable "queue_names" {
  description = "Names of the queue of pages and of its dead letters."
  type        = object({ pages = string, dead = string })
}

variable "cluster" {
  description = "ECS cluster of the services."
  type        = object({ arn = string, name = string })
}

variable "textract_budget_usd" {
  description = "Monthly budget of Textract, in US dollars."
  type        = number

  validation {
    condition     = var.textract_budget_usd > 0
    error_message = "textract_budget_usd must be above 0."
  }
}
