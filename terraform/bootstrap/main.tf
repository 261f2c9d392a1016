# What every deployment needs before the first: a place for the state, one for the images, and roles for the workflows.
# Once per account, by a person who may do all of this:
#
#   terraform init && terraform apply -var github_repository=owner/name
#
# Its own state begins as a local file, since the bucket is made here. Keep it there afterwards:
#
#   aws s3 cp terraform.tfstate "s3://$(terraform output -raw state_bucket_name)/bootstrap/terraform.tfstate"

locals {
  project      = "location-detection"
  environments = toset(["dev", "prod"])
  account_id   = data.aws_caller_identity.current.account_id
  partition    = data.aws_partition.current.partition
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
