variable "prefix" {
  description = "Begins every name."
  type        = string
}

variable "vpc_id" {
  description = "The network the targets are in."
  type        = string
}

variable "subnet_ids" {
  description = "Public subnets, in two zones at least."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the load balancer."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate of the HTTPS listener."
  type        = string
}

variable "access_logs_bucket" {
  description = "Bucket for the access logs, which lets the load balancer write."
  type        = string
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
}

# In the order they are tried. The router of the local stack has the same ones.
variable "rules" {
  description = "Which paths go to which service (jobs or preview), by priority. * stands for any run of characters, slashes too. Anything else is 404, /internal/* above all."
  type = map(object({
    priority = number
    paths    = list(string)
    target   = string
  }))
  default = {
    preview          = { priority = 10, paths = ["/api/*/jobs/*/preview*", "/api/jobs/*/preview*"], target = "preview" }
    textract_results = { priority = 20, paths = ["/api/*/jobs/*/textract-results*", "/api/jobs/*/textract-results*"], target = "preview" }
    jobs             = { priority = 30, paths = ["/api/*", "/health*", "/static/*", "/"], target = "jobs" }
  }

  validation {
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
    condition = alltrue([
      for rule in values(var.rules) : length(rule.paths) <= 5 && length(regexall("[*?]", join("", rule.paths))) <= 6
    ])
    error_message = "AWS allows a rule at most five values and six wildcards. Split it in two, with a priority each."
  }

  validation {
    condition     = alltrue([for rule in values(var.rules) : contains(["jobs", "preview"], rule.target)])
    error_message = "A rule's target is jobs or preview."
  }
}
