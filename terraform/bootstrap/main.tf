# What every deployment needs before the first: a place for the state, one for the images, and, where GitHub deploys,
# roles for its workflows. Once per account, by a person who may do all of this: the first step of docs/deploying.md.

locals {
  project      = "location-detection"
  environments = toset(["dev", "prod"])
  account_id   = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
  region       = data.aws_region.current.name
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}
