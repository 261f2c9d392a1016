# Tables, the queue, buckets, parameters, secrets and roles: how they keep and guard what is in them. A policy is one line, its
# actions and what they are on; tests/stack tries with IAM enforced which action is allowed on which.
# Applied with a mocked provider: ARNs are generated, each a different one.

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
}

variables {
  prefix              = "location-detection-test"
  environment         = "test"
  deletion_protection = true
  cors_origins        = ["https://plans.example.com"]
}

run "tables" {
  module {
    source = "./modules/tables"
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.store :
      table.ttl[0].enabled && table.ttl[0].attribute_name == "expires_at"
      && table.point_in_time_recovery[0].enabled && table.point_in_time_recovery[0].recovery_period_in_days == 35
      && table.server_side_encryption[0].enabled
    ])
    error_message = "A table is not expiring, backed up for 35 days and encrypted."
  }

  assert {
    condition = jsonencode({ for user, policy in output.policies : user => join(" ", sort(distinct(flatten([
      for statement in jsondecode(policy).Statement : [
        [for action in statement.Action : trimprefix(action, "dynamodb:")],
        [for arn in statement.Resource : coalesce(one([for role, table in output.arns : role if startswith(arn, table)]), arn)],
      ]
      ])))) }) == jsonencode({
      jobs_service    = "BatchGetItem BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem feedback idempotency jobs rate_limits uploads"
      preview_service = "BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem preview_cache preview_pages rate_limits"
      preview_worker  = "BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem preview_cache preview_pages"
      reconciler      = "BatchGetItem GetItem PutItem Scan jobs uploads"
    })
    error_message = "Someone has other permissions on tables than its adapters use."
  }
}

run "queue" {
  module {
    source = "./modules/queue"
  }

  assert {
    condition     = aws_sqs_queue.pages.sqs_managed_sse_enabled && aws_sqs_queue.dead.sqs_managed_sse_enabled
    error_message = "A queue is not encrypted."
  }

  assert {
    condition = aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy == jsonencode({
      redrivePermission = "byQueue"
      sourceQueueArns   = [aws_sqs_queue.pages.arn]
    })
    error_message = "Other queues may send their dead letters here."
  }

  assert {
    condition = alltrue([
      for role, queue in { pages = aws_sqs_queue.pages, dead = aws_sqs_queue.dead } :
      jsonencode(jsondecode(aws_sqs_queue_policy.queue[role].policy).Statement) == jsonencode([{
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "sqs:*"
        Resource  = queue.arn
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }])
    ])
    error_message = "A queue can be reached without TLS."
  }

  assert {
    condition = jsonencode({ for user, policy in output.policies : user => join(" ", sort(flatten([
      for statement in jsondecode(policy).Statement : [
        [for action in statement.Action : trimprefix(action, "sqs:")],
        [for arn in statement.Resource : arn == aws_sqs_queue.pages.arn ? "pages" : arn],
      ]
      ]))) }) == jsonencode({
      preview_service = "GetQueueAttributes GetQueueUrl SendMessage pages"
      preview_worker  = "ChangeMessageVisibility DeleteMessage GetQueueAttributes GetQueueUrl ReceiveMessage SendMessage pages"
    })
    error_message = "The service does more than send pages, or a worker more than take them and send them again."
  }
}

run "buckets" {
  module {
    source = "./modules/buckets"
  }

  assert {
    condition = alltrue([
      for role in keys(aws_s3_bucket.store) :
      aws_s3_bucket_ownership_controls.store[role].rule[0].object_ownership == "BucketOwnerEnforced"
      && aws_s3_bucket_public_access_block.store[role].block_public_acls
      && aws_s3_bucket_public_access_block.store[role].block_public_policy
      && aws_s3_bucket_public_access_block.store[role].ignore_public_acls
      && aws_s3_bucket_public_access_block.store[role].restrict_public_buckets
      && aws_s3_bucket_versioning.store[role].versioning_configuration[0].status == "Disabled"
      && one(one(aws_s3_bucket_server_side_encryption_configuration.store[role].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
      && !aws_s3_bucket.store[role].force_destroy
    ])
    error_message = "A bucket is not private, owned by the account alone, without versions, encrypted with keys of S3 and protected."
  }

  assert {
    condition = jsonencode({
      for role, lifecycle in aws_s3_bucket_lifecycle_configuration.store : role => {
        for rule in lifecycle.rule : rule.filter[0].prefix => rule.expiration[0].days if length(rule.expiration) > 0
      }
      }) == jsonencode({
      blueprints  = { "" = 30, "uploads/" = 1 }
      cache       = { "" = 30 }
      access_logs = { "" = 90 }
    })
    error_message = "Objects are not kept for as long as the specification says."
  }

  assert {
    condition = alltrue([
      for lifecycle in aws_s3_bucket_lifecycle_configuration.store : anytrue([
        for rule in lifecycle.rule :
        try(rule.abort_incomplete_multipart_upload[0].days_after_initiation == 1 && rule.filter[0].prefix == "", false)
      ]) && alltrue([for rule in lifecycle.rule : rule.status == "Enabled"])
    ])
    error_message = "A bucket keeps the parts of uploads that were never completed."
  }

  assert {
    condition = jsonencode({
      for role, bucket in aws_s3_bucket_policy.store : role => jsondecode(bucket.policy).Statement
      }) == jsonencode({
      for role, bucket in aws_s3_bucket.store : role => concat(
        [{
          Sid       = "RefusePlainHttp"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:*"
          Resource  = [bucket.arn, "${bucket.arn}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        }],
        role != "access_logs" ? [] : [{
          Sid       = "LoadBalancersWrite"
          Effect    = "Allow"
          Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
          Action    = "s3:PutObject"
          Resource  = "${bucket.arn}/AWSLogs/111122223333/*"
          Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/*" } }
        }],
      )
    })
    error_message = "A bucket can be reached without TLS, or lets in someone other than the load balancers of this account."
  }

  assert {
    condition = jsonencode({ for user, policy in output.policies : user => join(" ", sort(distinct(flatten([
      for statement in jsondecode(policy).Statement : [
        [for action in statement.Action : trimprefix(action, "s3:")],
        [for arn in statement.Resource : replace(replace(
          arn, aws_s3_bucket.store["blueprints"].arn, "blueprints"), aws_s3_bucket.store["cache"].arn, "cache"
        )],
      ]
      ])))) }) == jsonencode({
      jobs_service    = "DeleteObject GetObject ListBucket PutObject blueprints blueprints/blueprints/* blueprints/uploads/*"
      preview_service = "DeleteObject GetObject ListBucket PutObject blueprints blueprints/blueprints/* cache cache/cache/*"
      reconciler      = "DeleteObject ListBucket blueprints blueprints/blueprints/* blueprints/uploads/*"
    })
    error_message = "Someone has other permissions on buckets than its adapters use."
  }
}

run "origins_are_origins" {
  command = plan

  module {
    source = "./modules/buckets"
  }

  variables {
    cors_origins = ["plans.example.com/upload"]
  }

  expect_failures = [var.cors_origins]
}

run "parameters" {
  module {
    source = "./modules/parameters"
  }

  assert {
    condition = alltrue([
      for secret in [aws_secretsmanager_secret.api_keys, aws_secretsmanager_secret.internal_token] :
      secret.recovery_window_in_days == 30
    ])
    error_message = "A protected secret cannot be restored once deleted."
  }

  assert {
    condition = alltrue([
      for version in [aws_secretsmanager_secret_version.no_api_keys, aws_secretsmanager_secret_version.first_internal_token] :
      version.version_stages == toset(["AWSCURRENT", "FIRST"]) && version.secret_string_wo == null
    ])
    error_message = "The first version of a secret has no label of its own, or its value is in the state."
  }

  # Of the parameters, their groups.
  assert {
    condition = jsonencode({ for user, policy in output.policies : user => join(" ", sort(distinct(flatten([
      for statement in jsondecode(policy).Statement : [statement.Action, [for arn in statement.Resource : lookup(merge(
        { for path, setting in aws_ssm_parameter.setting : setting.arn => split("/", path)[0] },
        { (aws_secretsmanager_secret.api_keys.arn) = "keys", (aws_secretsmanager_secret.internal_token.arn) = "token" },
      ), arn, arn)]]
      ])))) }) == jsonencode({
      jobs_service    = "api jobs keys secretsmanager:GetSecretValue ssm:GetParameters token"
      preview_service = "api keys preview secretsmanager:GetSecretValue ssm:GetParameters token"
      preview_worker  = "api preview secretsmanager:GetSecretValue ssm:GetParameters token"
    })
    error_message = "Someone reads other secrets or parameters than it should."
  }
}

run "task_role" {
  module {
    source = "./modules/task_role"
  }

  variables {
    name     = "location-detection-test-jobs"
    policies = ["{\"Statement\":[]}"]
  }

  assert {
    condition = aws_iam_role.task.assume_role_policy == jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "TasksOfThisAccount"
        Effect    = "Allow"
        Principal = { Service = "ecs-tasks.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = {
          StringEquals = { "aws:SourceAccount" = "111122223333" }
          ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:us-east-1:111122223333:*" }
        }
      }]
    })
    error_message = "Others than the ECS tasks of this account may take the role."
  }
}

run "a_role_without_policies_is_refused" {
  command = plan

  module {
    source = "./modules/task_role"
  }

  variables {
    name     = "location-detection-test-jobs"
    policies = []
  }

  expect_failures = [var.policies]
}
