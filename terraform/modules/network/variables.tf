variable "prefix" {
  description = "Prefix of every name."
  type        = string
}

variable "region" {
  description = "Region, which is part of the endpoints' names."
  type        = string
}

variable "zone_count" {
  description = "Availability zones the network spans."
  type        = number

  validation {
    condition     = contains([2, 3], var.zone_count)
    error_message = "zone_count must be 2 or 3: the load balancer needs two."
  }
}

variable "endpoint_zone_count" {
  description = "Availability zones with an interface endpoint of each AWS service. Tasks in other zones use it too, as long as one of these zones is up."
  type        = number

  validation {
    condition     = var.endpoint_zone_count >= 1 && var.endpoint_zone_count <= var.zone_count
    error_message = "endpoint_zone_count must be between 1 and zone_count."
  }
}

variable "enable_nat" {
  description = "Whether tasks of jobs can reach the internet, which they need only to fetch blueprints by URL (parameter jobs/url_input_enabled). Costs about $33 a month, used or not."
  type        = bool
}

variable "bucket_names" {
  description = "Names of the only buckets that the network can reach."
  type        = list(string)
}

variable "table_arns" {
  description = "ARNs of the only tables that the network can reach."
  type        = list(string)
}
