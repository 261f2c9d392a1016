variable "prefix" {
  description = "Prefix of the buckets' names, such as location-detection-dev."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9-]{1,50}[a-z0-9]$", var.prefix))
    error_message = "The prefix must be lower-case letters, digits and dashes, short enough for a bucket's name (63)."
  }
}

variable "suffix" {
  description = "Suffix of the buckets' names, after a dash; empty for none."
  type        = string
  default     = ""
}

variable "cors_origins" {
  description = "Origins whose pages may send files straight to the bucket, or [\"*\"] for any."
  type        = list(string)

  validation {
    condition = length(var.cors_origins) > 0 && alltrue([
      for origin in var.cors_origins : origin == "*" || can(regex("^https?://[^/*]+$", origin))
    ])
    error_message = "Each origin must be a scheme and a host, such as https://app.example.com, or *; at least one."
  }
}

variable "deletion_protection" {
  description = "Whether a bucket that still holds objects cannot be destroyed."
  type        = bool
}
