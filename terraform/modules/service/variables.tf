variable "name" {
  description = "Name of the service: of its container, and in Service Connect."
  type        = string

  validation {
    condition     = contains(["jobs", "preview"], var.name)
    error_message = "name must be jobs or preview."
  }
}

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

variable "cpu" {
  description = "CPU of a task, in 1024ths of a core."
  type        = number
}

variable "memory_mib" {
  description = "Memory of a task; Fargate offers 2 to 8 times the CPU."
  type        = number
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

variable "target_group_arn" {
  description = "Target group of the load balancer; its listener must use it already."
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

variable "requests_per_target" {
  description = "Autoscaling target: average requests a minute per task, and the resource label of the target group."
  type        = object({ label = string, per_minute = number })
}

variable "log_group_name" {
  description = "Log group of the tasks."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}
