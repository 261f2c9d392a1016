variable "github_repository" {
  description = "The repository whose workflows deploy, as owner/name; none where people deploy: no roles are made then."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "The repository must be one owner/name, such as example/location-detection, without wildcards."
  }
}

variable "create_github_oidc_provider" {
  description = "Whether GitHub's OIDC provider is made here; false where the account has it already, since AWS takes one only."
  type        = bool
  default     = true
  nullable    = false
}
