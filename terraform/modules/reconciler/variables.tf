variable "prefix" {
  description = "Prefix of every name."
  type        = string
}

variable "region" {
  description = "Region of the log group."
  type        = string
}

variable "image" {
  description = "Image of the jobs service, which contains the command."
  type        = string
}

variable "environment" {
  description = "Environment variables of the jobs service."
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

variable "cluster_arn" {
  description = "ECS cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the task."
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
