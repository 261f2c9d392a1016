variable "name" {
  description = "Name of the task and of its container."
  type        = string
}

variable "prefix" {
  description = "Prefix of names that are unique in the account."
  type        = string
}

variable "region" {
  description = "Region of the log group."
  type        = string
}

variable "task" {
  description = <<-EOT
    What it runs: `image` by digest, with `command` or else the image's own; `environment` variables, none of them secret;
    `cpu` in 1024ths of a core, and `memory_mib`, of which Fargate offers 2 to 8 times the CPU; the `port` at which it is
    called, if it is; `health_check` as ECS takes it, in seconds.
  EOT
  type = object({
    image                = string
    command              = optional(list(string))
    environment          = map(string)
    cpu                  = number
    memory_mib           = number
    port                 = optional(number)
    stop_timeout_seconds = optional(number, 30) # gunicorn drains for up to 25 s
    health_check = optional(object({
      command = list(string), interval = number, timeout = number, retries = optional(number, 3), startPeriod = number
    }))
  })
}

variable "task_role_arn" {
  description = "Role of the code that runs."
  type        = string
}

variable "execution_role_arn" {
  description = "Role that pulls the image and writes logs."
  type        = string
}

variable "log_group_name" {
  description = "Log group of the task."
  type        = string
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
}
