variable "prefix" {
  description = "What the queues' names begin with, such as location-detection-dev."
  type        = string

  validation {
    # The longest name, …-preview-pages-dead, then has the 80 characters that SQS allows.
    condition     = can(regex("^[a-z0-9-]{1,59}[a-z0-9]$", var.prefix))
    error_message = "The prefix must be at most 60 lower-case letters, digits and dashes, and not end in a dash."
  }
}
