terraform {
  required_version = "~> 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

# The region is AWS_REGION, which the guide, the AWS CLI and the workflows go by: there is no second place for it.
provider "aws" {
  default_tags {
    tags = {
      project     = local.project
      environment = terraform.workspace
    }
  }
}
