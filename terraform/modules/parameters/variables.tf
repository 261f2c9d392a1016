variable "environment" {
  description = "Name of the environment, as it stands in the paths of parameters and secrets."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.environment))
    error_message = "The environment must be a lower-case word, such as dev."
  }
}

variable "deletion_protection" {
  description = "Whether deleted secrets can be restored for 30 days."
  type        = bool
}
