variable "bucket_suffix" {
  description = "Suffix of the buckets' names, which are global in AWS: location-detection-dev-blueprints-<bucket_suffix>. Fixed once applied."
  type        = string
  default     = ""
  nullable    = false

  validation {
    # The longest name, location-detection-prod-access-logs-…, then has the 63 characters that S3 allows.
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,25}[a-z0-9])?)?$", var.bucket_suffix))
    error_message = "bucket_suffix is at most 27 lower-case letters, digits and dashes, without a dash at either end, such as your company's name."
  }
}

variable "certificate_arn" {
  description = "Certificate of AWS Certificate Manager, in the same region, for the name under which the service is called."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:acm:[a-z0-9-]+:[0-9]{12}:certificate/", var.certificate_arn))
    error_message = "certificate_arn must be the ARN of a certificate, such as arn:aws:acm:us-east-1:123456789012:certificate/…"
  }
}

variable "jobs_image" {
  description = "Image of the jobs service in ECR, by digest: the tested image runs, and a rollback names the digest before."
  type        = string

  validation {
    condition     = can(regex(local.image_pattern, var.jobs_image))
    error_message = "jobs_image must name an image in ECR by its digest: <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<64 hex digits>."
  }
}

variable "preview_image" {
  description = "Image of the preview service in ECR, by digest."
  type        = string

  validation {
    condition     = can(regex(local.image_pattern, var.preview_image))
    error_message = "preview_image must name an image in ECR by its digest: <account>.dkr.ecr.<region>.amazonaws.com/<repository>@sha256:<64 hex digits>."
  }
}

variable "cors_origins" {
  description = "Origins of the browsers that may call, such as [\"https://plans.example.com\"]; prod must list them."
  type        = list(string)
  default     = ["*"]
  nullable    = false

  validation {
    condition     = alltrue([for origin in var.cors_origins : origin == "*" || can(regex(local.origin_pattern, origin))])
    error_message = "Each of cors_origins is * or an origin as browsers send it, in lower case and without a path: https://plans.example.com."
  }

  validation {
    # An unknown workspace is refused elsewhere, with a better message.
    condition     = try(local.environments[terraform.workspace].any_origin_allowed, true) || !contains(var.cors_origins, "*")
    error_message = "Here cors_origins must list the origins of the browsers that may call; * is for trying things out."
  }
}

variable "alarm_email" {
  description = "E-mail address that receives the alarms; AWS asks it to confirm. Without one, subscribe to the topic alarm_topic_arn by other means."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_email == null || can(regex("^[^@ ]+@[^@ ]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address."
  }
}

variable "retention_days" {
  description = "How many days a job is kept (RETENTION_DAYS); null leaves it to the default of services/jobs/src/jobs/settings.py."
  type        = number
  default     = null

  validation {
    condition     = var.retention_days == null ? true : var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days is a whole number of days, 1 or more."
  }

  validation {
    condition     = var.retention_days == null ? true : var.retention_days <= module.buckets.object_expiry_days
    error_message = "retention_days is at most ${module.buckets.object_expiry_days}: after so many days the buckets delete a job's file (modules/buckets)."
  }
}
