data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  region     = data.aws_region.current.name
}

resource "aws_iam_role" "task" {
  name = var.name

  # Tasks of this account only: ECS also acts for others.
  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TasksOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnLike = {
          "aws:SourceArn" = "arn:${local.partition}:ecs:${local.region}:${local.account_id}:*"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "task" {
  name = "task"
  role = aws_iam_role.task.id

  # One document, so that all permissions of the role are in one place.
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = flatten([for policy in var.policies : jsondecode(policy).Statement])
  })
}
