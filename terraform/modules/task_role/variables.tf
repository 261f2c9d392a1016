variable "name" {
  description = "Name of the role."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9+=,.@_-]{1,64}$", var.name))
    error_message = "The name must be one that IAM takes: at most 64 letters, digits and +=,.@_-."
  }
}

variable "policies" {
  description = "IAM policies (JSON), each with a list of statements; the role gets all statements."
  type        = list(string)

  validation {
    condition     = length(var.policies) > 0 && alltrue([for policy in var.policies : can(jsondecode(policy).Statement)])
    error_message = "Each policy must be a JSON document with statements; at least one."
  }
}
