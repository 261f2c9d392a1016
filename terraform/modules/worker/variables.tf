variable "prefix" {
  description = "Prefix of names that are unique in the account."
  type        = string
}

variable "region" {
  description = "Region of the log group."
  type        = string
}

variable "image" {
  description = "Container image, by digest."
  type        = string
}

variable "environment" {
  description = "Environment variables that the service's settings read; no secrets."
  type        = map(string)
}

variable "task_role_arn" {
  description = "Role of the code that runs."
  type        = string
}

variable "execution_role_arn" {
  description = "Role that pulls the image and writes logs."
  type        = string
}

variable "cluster" {
  description = "ECS cluster."
  type        = object({ arn = string, name = string })
}

variable "namespace_arn" {
  description = "Service Connect namespace."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, one per zone; tasks are spread over them."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the tasks."
  type        = string
}

variable "tasks" {
  description = "Least and most tasks, for autoscaling."
  type        = object({ minimum = number, maximum = number })

  validation {
    condition     = var.tasks.minimum >= 1 && var.tasks.maximum >= var.tasks.minimum
    error_message = "tasks.minimum must be at least 1 and at most tasks.maximum."
  }
}

variable "log_group_name" {
  description = "Log group of the tasks."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}

variable "queue_name" {
  description = "Name of the queue of pages."
  type        = string
}

variable "pages_per_task" {
  description = "How many pages may wait for each task before there are more tasks."
  type        = number

  validation {
    condition     = var.pages_per_task > 0
    error_message = "pages_per_task must be above 0."
  }
}
