# What the account is prepared with, and what each workflow on GitHub may do. Applied with a mocked provider.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_data "aws_region" {
    defaults = { name = "us-east-1" }
  }

  mock_data "aws_iam_openid_connect_provider" {
    defaults = {
      arn            = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
      client_id_list = ["sts.amazonaws.com"]
    }
  }

  mock_resource "aws_iam_openid_connect_provider" {
    defaults = { arn = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" }
  }
}

variables {
  github_repository = "example/location-detection"
}

run "state" {
  assert {
    condition = (
      aws_s3_bucket.state.bucket == "location-detection-state-111122223333"
      && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
      && aws_s3_bucket_ownership_controls.state.rule[0].object_ownership == "BucketOwnerEnforced"
      && aws_s3_bucket_public_access_block.state.block_public_acls
      && aws_s3_bucket_public_access_block.state.block_public_policy
      && aws_s3_bucket_public_access_block.state.ignore_public_acls
      && aws_s3_bucket_public_access_block.state.restrict_public_buckets
      && one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    )
    error_message = "The state is not private, encrypted and kept in versions."
  }

  assert {
    condition = jsonencode(jsondecode(aws_s3_bucket_policy.state.policy).Statement) == jsonencode([{
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }])
    error_message = "The state can be reached without TLS."
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.state.rule[0].noncurrent_version_expiration).noncurrent_days == 90
    error_message = "Old versions of the state are not kept for 90 days."
  }
}

run "images" {
  assert {
    condition = alltrue([
      for service, repository in aws_ecr_repository.service :
      repository.name == "location-detection-${service}" && repository.image_tag_mutability == "IMMUTABLE"
      && repository.image_scanning_configuration[0].scan_on_push
    ]) && toset(keys(aws_ecr_repository.service)) == toset(["jobs", "preview"])
    error_message = "Each service has a repository, whose tags never move and whose images are scanned."
  }

  assert {
    condition = alltrue([
      for lifecycle in aws_ecr_lifecycle_policy.service : jsonencode([
        for rule in jsondecode(lifecycle.policy).rules : "${rule.selection.tagStatus} ${rule.selection.countNumber} ${rule.action.type}"
      ]) == jsonencode(["untagged 1 expire", "any 500 expire"])
    ])
    error_message = "Images pile up, or go too soon."
  }
}

run "who_may_take_a_role" {
  assert {
    condition = one(aws_iam_openid_connect_provider.github).url == "https://token.actions.githubusercontent.com" && (
      one(aws_iam_openid_connect_provider.github).client_id_list == toset(["sts.amazonaws.com"])
    )
    error_message = "Others than GitHub are believed, or tokens for others than AWS."
  }

  assert {
    condition = jsonencode({
      for job, role in aws_iam_role.workflow : job => [
        for statement in jsondecode(role.assume_role_policy).Statement :
        [statement.Effect, statement.Action, statement.Principal, statement.Condition.StringEquals]
      ]
      }) == jsonencode({
      for job in ["images", "plan", "deploy-dev", "deploy-prod"] : job => [[
        "Allow",
        "sts:AssumeRoleWithWebIdentity",
        { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
        {
          "token.actions.githubusercontent.com:aud"        = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:repository" = "example/location-detection"
        },
      ]]
    })
    error_message = "A role can be taken otherwise than by a workflow of the repository."
  }

  assert {
    condition = jsonencode({
      for job, role in aws_iam_role.workflow :
      job => jsondecode(role.assume_role_policy).Statement[0].Condition.StringLike
      }) == jsonencode({
      images = {
        "token.actions.githubusercontent.com:ref" = ["refs/heads/main"]
        "token.actions.githubusercontent.com:sub" = ["repo:example/location-detection:ref:refs/heads/main"]
      }
      plan = {
        "token.actions.githubusercontent.com:ref" = ["refs/heads/main", "refs/tags/v*"]
        "token.actions.githubusercontent.com:sub" = [
          "repo:example/location-detection:ref:refs/heads/main", "repo:example/location-detection:ref:refs/tags/v*",
        ]
      }
      deploy-dev = {
        "token.actions.githubusercontent.com:ref" = ["refs/heads/main"]
        "token.actions.githubusercontent.com:sub" = ["repo:example/location-detection:environment:dev"]
      }
      deploy-prod = {
        "token.actions.githubusercontent.com:ref" = ["refs/tags/v*"]
        "token.actions.githubusercontent.com:sub" = ["repo:example/location-detection:environment:prod"]
      }
    })
    error_message = "Main goes to dev, a release to prod after its approval, and nothing else anywhere."
  }
}

run "permissions" {
  assert {
    condition = toset(flatten([
      for statement in jsondecode(aws_iam_role_policy.workflow["images"].policy).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset(concat(["ecr:GetAuthorizationToken *"], flatten([
        for repository in aws_ecr_repository.service : [
          for action in [
            "BatchCheckLayerAvailability", "BatchGetImage", "CompleteLayerUpload", "DescribeImages",
            "GetDownloadUrlForLayer", "InitiateLayerUpload", "PutImage", "UploadLayerPart",
          ] : "ecr:${action} ${repository.arn}"
        ]
    ])))
    error_message = "The role for images may do more, or less, than push them."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(aws_iam_role_policy.workflow["plan"].policy).Statement :
      [for action in statement.Action : can(regex("^[a-z0-9-]+:(Describe|Get|List|View)", action))]
    ]))
    error_message = "The role for plans may change something."
  }

  # A resource without a name is limited by its tag, or only read.
  assert {
    condition = alltrue([
      for job in ["plan", "deploy-dev", "deploy-prod"] : toset([
        for statement in jsondecode(aws_iam_role_policy.workflow[job].policy).Statement : statement.Sid
        if contains(statement.Resource, "*")
      ]) == toset(job == "plan" ? ["ReadConfiguration"] : ["ReadConfiguration", "ManageTaggedResources", "AssociateEndpointDns"])
    ])
    error_message = "A permission covers everything in the account."
  }

  assert {
    condition = alltrue([
      for environment in ["dev", "prod"] : jsonencode([
        for statement in jsondecode(aws_iam_role_policy.workflow["deploy-${environment}"].policy).Statement :
        statement.Condition if statement.Sid == "ManageTaggedResources"
        ]) == jsonencode([{
          StringEquals         = { "aws:RequestedRegion" = "us-east-1" }
          StringEqualsIfExists = { "aws:ResourceTag/environment" = environment }
      }])
    ])
    error_message = "The role that deploys one environment may change resources with the tag of another."
  }

  assert {
    condition = !anytrue([
      for environment, other in { dev = "prod", prod = "dev" } :
      can(regex("(location-detection|env:)[-/]${other}", aws_iam_role_policy.workflow["deploy-${environment}"].policy))
    ])
    error_message = "The role that deploys one environment has a permission to another."
  }

  assert {
    condition = alltrue([
      for environment in ["dev", "prod"] : toset(flatten([
        for statement in jsondecode(aws_iam_role_policy.workflow["deploy-${environment}"].policy).Statement : [
          for action in statement.Action : [for resource in statement.Resource : resource] if startswith(action, "s3:") && endswith(action, "Object")
        ]
        ])) == toset([
        "${aws_s3_bucket.state.arn}/*", "${aws_s3_bucket.state.arn}/env:/${environment}/*",
        "${aws_s3_bucket.state.arn}/env:/${environment}/*.tflock",
      ])
    ])
    error_message = "Who deploys reads or writes other objects than the state."
  }

  assert {
    condition = !anytrue(flatten([
      for role in aws_iam_role_policy.workflow : [
        for statement in jsondecode(role.policy).Statement : [
          for action in statement.Action : can(regex("^(dynamodb|ec2|iam|kms|logs|s3|secretsmanager|ssm):(\\*|.*(Item|Query|Scan|LogEvents|Export|Import).*|Get\\*)$", action))
        ]
      ]
    ]))
    error_message = "A workflow reads a table's items or a log, or may do anything with a service that holds data."
  }

  assert {
    condition = alltrue([
      for environment in ["dev", "prod"] : jsonencode([
        for statement in jsondecode(aws_iam_role_policy.workflow["deploy-${environment}"].policy).Statement :
        [statement.Resource, statement.Condition] if contains(statement.Action, "iam:PassRole")
        ]) == jsonencode([[
          ["arn:aws:iam::111122223333:role/location-detection-${environment}-*"],
          { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"] } },
      ]])
    ])
    error_message = "Roles are given to others than tasks and schedules of the environment."
  }

  # AWS counts the policies inside a role together.
  assert {
    condition     = alltrue([for role in aws_iam_role_policy.workflow : length(role.policy) < 10240])
    error_message = "A policy is longer than IAM takes."
  }
}

run "a_repository_is_one_repository" {
  command = plan

  variables {
    github_repository = "example/*"
  }

  expect_failures = [var.github_repository]
}

run "no_repository_means_no_roles" {
  command = plan

  variables {
    github_repository = null
  }

  assert {
    condition     = length(aws_iam_role.workflow) == 0 && length(aws_iam_openid_connect_provider.github) == 0 && output.role_arns == {}
    error_message = "GitHub is let in though no repository is named."
  }

  assert {
    condition     = length(aws_ecr_repository.service) == 2
    error_message = "The registry is missing where GitHub does not deploy."
  }
}

run "a_provider_that_is_there_is_used" {
  command = plan

  variables {
    create_github_oidc_provider = false
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0
    error_message = "The account's OIDC provider would be made a second time."
  }

  assert {
    condition = alltrue([
      for role in aws_iam_role.workflow : jsondecode(role.assume_role_policy).Statement[0].Principal.Federated
      == "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
    ])
    error_message = "A role does not trust the provider of the account."
  }
}
