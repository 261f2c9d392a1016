variable "prefix" {
  description = "Prefix of the tables' names, such as location-detection-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,60}[a-z0-9]$", var.prefix))
    error_message = "The prefix must be lower-case letters, digits and dashes, and not end in a dash."
  }
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the tables."
  type        = bool
}
