variable "prefix" {
  description = "Prefix of every name."
  type        = string
}

variable "task_definition" {
  description = "What it runs."
  type        = object({ arn = string, arn_without_revision = string })
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
