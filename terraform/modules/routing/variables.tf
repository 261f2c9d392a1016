variable "prefix" {
  description = "Prefix of every name."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the targets."
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

# In order of priority. The router of the local stack has the same rules.
variable "rules" {
  description = "Path patterns of each service (jobs or preview), by priority. * matches any characters, slashes too. Any other path is 404, /internal/* above all."
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
