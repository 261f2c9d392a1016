variable "region" {
  description = "The AWS region of the state and the images; the same as that of the environments."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region must be one of AWS's, such as us-east-1."
  }
}

variable "github_repository" {
  description = "The repository whose workflows deploy, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "The repository must be one owner/name, such as example/location-detection, without wildcards."
  }
}
