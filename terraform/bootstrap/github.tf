# Workflows of one repository take these roles for an hour at most, by a token that GitHub signs for the running job.
# There are no keys to keep. https://docs.github.com/en/actions/concepts/security/openid-connect

resource "aws_iam_openid_connect_provider" "github" {
  count = local.github && var.create_github_oidc_provider ? 1 : 0

  url            = local.github_url
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_openid_connect_provider" "github" {
  count = local.github && !var.create_github_oidc_provider ? 1 : 0

  url = local.github_url

  lifecycle {
    postcondition {
      condition     = contains(self.client_id_list, "sts.amazonaws.com")
      error_message = "The account's OIDC provider of GitHub does not know the audience sts.amazonaws.com: add it there."
    }
  }
}

locals {
  github       = var.github_repository != null
  github_url   = "https://token.actions.githubusercontent.com"
  provider_arn = one(concat(aws_iam_openid_connect_provider.github[*].arn, data.aws_iam_openid_connect_provider.github[*].arn))

  # What the token must say. `sub` names the environment of a job that has one, and otherwise the ref.
  # `ref` and `repository` are understood by AWS since January 2026:
  # https://aws.amazon.com/about-aws/whats-new/2026/01/aws-sts-supports-validation-identity-provider-claims/
  main     = "refs/heads/main"
  releases = "refs/tags/v*"
  repo     = "repo:${coalesce(var.github_repository, "-")}"

  jobs = {
    images      = { subjects = ["${local.repo}:ref:${local.main}"], refs = [local.main] }
    plan        = { subjects = ["${local.repo}:ref:${local.main}", "${local.repo}:ref:${local.releases}"], refs = [local.main, local.releases] }
    deploy-dev  = { subjects = ["${local.repo}:environment:dev"], refs = [local.main] }
    deploy-prod = { subjects = ["${local.repo}:environment:prod"], refs = [local.releases] }
  }

  statements = {
    images      = local.push_images
    plan        = concat(local.read_state, local.read_images, local.read_configuration, local.read_secrets)
    deploy-dev  = concat(local.read_state, local.read_configuration, local.apply.dev)
    deploy-prod = concat(local.read_state, local.read_configuration, local.apply.prod)
  }
}

resource "aws_iam_role" "workflow" {
  for_each = { for job, claims in local.jobs : job => claims if local.github }

  name                 = "${local.project}-${each.key}"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = local.provider_arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud"        = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:repository" = var.github_repository
        }
        StringLike = {
          "token.actions.githubusercontent.com:sub" = each.value.subjects
          "token.actions.githubusercontent.com:ref" = each.value.refs
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "workflow" {
  for_each = aws_iam_role.workflow

  name   = "workflow"
  role   = each.value.id
  policy = jsonencode({ Version = "2012-10-17", Statement = local.statements[each.key] })
}
