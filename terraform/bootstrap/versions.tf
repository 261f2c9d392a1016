terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# The region is AWS_REGION, as in the environments.
provider "aws" {
  default_tags {
    tags = {
      project = local.project
    }
  }
}
