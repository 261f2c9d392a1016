variable "name" {
  description = "Name of the service: of its task and container, and in Service Connect."
  type        = string
}

variable "task_definition_arn" {
  description = "What its tasks run."
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

variable "http" {
  description = <<-EOT
    How a service is called, and scaled by its calls: the container's `port`; the load balancer's target group, whose
    listener must use it already; its resource label, and the average requests a minute that a task should have.
  EOT
  type = object({
    port                = number
    target_group_arn    = string
    request_count_label = string
    requests_per_minute = number
  })
  default = null
}

variable "backlog" {
  description = "How a worker that nobody calls is scaled: the queue that it takes pages from, and how many may wait for each task."
  type        = object({ queue_name = string, pages_per_task = number })
  default     = null

  validation {
    condition     = (var.backlog == null) != (var.http == null)
    error_message = "A service is scaled by its requests (http) or by its queue (backlog)."
  }

  validation {
    condition     = var.backlog == null ? true : var.backlog.pages_per_task > 0
    error_message = "backlog.pages_per_task must be above 0."
  }
}
