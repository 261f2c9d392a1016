# Tables, buckets, parameters, secrets, and the permissions on them, compared as "action resource", one line each, so that
# one more or one less fails. Applied with a mocked provider: ARNs are generated, each a different one.

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
    condition = jsonencode({ for table in aws_dynamodb_table.store : table.name => [table.hash_key, table.range_key] }) == jsonencode({
      location-detection-test-jobs          = ["job_id", null]
      location-detection-test-feedback      = ["job_id", "feedback_id"]
      location-detection-test-idempotency   = ["idempotency_key", null]
      location-detection-test-uploads       = ["upload_id", null]
      location-detection-test-rate-limits   = ["bucket_key", null]
      location-detection-test-preview-cache = ["blueprint_hash", null]
      location-detection-test-preview-pages = ["job_id", "page"]
    })
    error_message = "The tables and their keys are not those of the specification."
  }

  assert {
    condition = jsonencode({
      for role, table in aws_dynamodb_table.store :
      role => sort([
        for index in table.global_secondary_index :
        join(" ", compact([index.name, index.hash_key, index.range_key, index.projection_type]))
      ])
      if length(table.global_secondary_index) > 0
      }) == jsonencode({
      jobs          = ["owes-due_at owes due_at KEYS_ONLY", "owner-created_at owner created_at ALL"]
      preview_cache = ["job_id job_id KEYS_ONLY"]
      preview_pages = ["unfinished-due_at unfinished due_at KEYS_ONLY"]
    })
    error_message = "Jobs are listed by owner and time, with every attribute; those that owe something by time, the cache by job and unfinished pages by time, with their keys."
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.store : alltrue([
        for attribute in table.attribute : attribute.type == (attribute.name == "page" ? "N" : "S")
      ])
    ])
    error_message = "Every key is a string, but for the number of a page."
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.store :
      table.billing_mode == "PAY_PER_REQUEST" && table.deletion_protection_enabled
      && table.ttl[0].enabled && table.ttl[0].attribute_name == "expires_at"
      && table.point_in_time_recovery[0].enabled && table.point_in_time_recovery[0].recovery_period_in_days == 35
      && table.server_side_encryption[0].enabled
    ])
    error_message = "A table is not on demand, expiring, backed up for 35 days, encrypted and protected."
  }

  assert {
    condition     = output.names == { for role, table in aws_dynamodb_table.store : role => table.name }
    error_message = "Names are output by role."
  }
}

run "permissions_on_tables" {
  module {
    source = "./modules/tables"
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.jobs_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "dynamodb:GetItem ${output.arns.jobs}",
      "dynamodb:BatchGetItem ${output.arns.jobs}",
      "dynamodb:PutItem ${output.arns.jobs}",
      "dynamodb:DeleteItem ${output.arns.jobs}",
      "dynamodb:Query ${output.arns.jobs}/index/owner-created_at",
      "dynamodb:Query ${output.arns.jobs}/index/owes-due_at",
      "dynamodb:GetItem ${output.arns.uploads}",
      "dynamodb:PutItem ${output.arns.uploads}",
      "dynamodb:UpdateItem ${output.arns.uploads}",
      "dynamodb:GetItem ${output.arns.idempotency}",
      "dynamodb:PutItem ${output.arns.idempotency}",
      "dynamodb:DeleteItem ${output.arns.idempotency}",
      "dynamodb:UpdateItem ${output.arns.rate_limits}",
      "dynamodb:GetItem ${output.arns.feedback}",
      "dynamodb:PutItem ${output.arns.feedback}",
      "dynamodb:UpdateItem ${output.arns.feedback}",
      "dynamodb:Query ${output.arns.feedback}",
      "dynamodb:DeleteItem ${output.arns.feedback}",
      "dynamodb:BatchWriteItem ${output.arns.feedback}",
    ])
    error_message = "The jobs service has other permissions on tables than its adapters use."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.preview_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "dynamodb:GetItem ${output.arns.preview_cache}",
      "dynamodb:PutItem ${output.arns.preview_cache}",
      "dynamodb:UpdateItem ${output.arns.preview_cache}",
      "dynamodb:UpdateItem ${output.arns.rate_limits}",
      "dynamodb:DeleteItem ${output.arns.preview_cache}",
      "dynamodb:Query ${output.arns.preview_cache}/index/job_id",
      "dynamodb:GetItem ${output.arns.preview_pages}",
      "dynamodb:PutItem ${output.arns.preview_pages}",
      "dynamodb:UpdateItem ${output.arns.preview_pages}",
      "dynamodb:BatchWriteItem ${output.arns.preview_pages}",
      "dynamodb:Query ${output.arns.preview_pages}",
      "dynamodb:Query ${output.arns.preview_pages}/index/unfinished-due_at",
    ])
    error_message = "The preview service has other permissions on tables than its adapters use."
  }

  assert {
    condition = setsubtract(
      jsondecode(output.policies.preview_service).Statement[*].Sid, jsondecode(output.policies.preview_worker).Statement[*].Sid
    ) == toset(["CountRequests"])
    error_message = "A worker has other rights to tables than the service, whose callers' requests it does not count."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.reconciler).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "dynamodb:Scan ${output.arns.jobs}",
      "dynamodb:BatchGetItem ${output.arns.jobs}",
      "dynamodb:GetItem ${output.arns.jobs}",
      "dynamodb:PutItem ${output.arns.jobs}",
      "dynamodb:GetItem ${output.arns.uploads}",
    ])
    error_message = "The reconciler has other permissions on tables than its adapters use."
  }

  assert {
    condition = alltrue(flatten([
      for policy in output.policies : [for statement in jsondecode(policy).Statement : statement.Effect == "Allow"]
    ]))
    error_message = "A statement about a table does not allow."
  }
}

run "tables_without_protection" {
  command = plan

  module {
    source = "./modules/tables"
  }

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !anytrue([for table in aws_dynamodb_table.store : table.deletion_protection_enabled])
    error_message = "Tables are protected though it was not asked for."
  }
}

run "queue" {
  module {
    source = "./modules/queue"
  }

  assert {
    condition = (
      aws_sqs_queue.pages.name == "location-detection-test-preview-pages"
      && aws_sqs_queue.dead.name == "location-detection-test-preview-pages-dead"
      && !anytrue([for queue in [aws_sqs_queue.pages, aws_sqs_queue.dead] : coalesce(queue.fifo_queue, false)])
    )
    error_message = "The queues are not those of the specification."
  }

  assert {
    condition = (
      aws_sqs_queue.pages.message_retention_seconds == 4 * 86400 && aws_sqs_queue.dead.message_retention_seconds == 14 * 86400
      && aws_sqs_queue.pages.visibility_timeout_seconds == 60 && aws_sqs_queue.pages.receive_wait_time_seconds == 20
    )
    error_message = "Messages are not kept and hidden for as long as the specification says."
  }

  assert {
    condition = aws_sqs_queue.pages.redrive_policy == jsonencode({
      deadLetterTargetArn = aws_sqs_queue.dead.arn
      maxReceiveCount     = 10
      }) && aws_sqs_queue_redrive_allow_policy.dead.redrive_allow_policy == jsonencode({
      redrivePermission = "byQueue"
      sourceQueueArns   = [aws_sqs_queue.pages.arn]
    })
    error_message = "A message is not dead after ten receives, or other queues may send their dead letters here."
  }

  assert {
    condition     = aws_sqs_queue.pages.sqs_managed_sse_enabled && aws_sqs_queue.dead.sqs_managed_sse_enabled
    error_message = "A queue is not encrypted."
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
    condition = jsonencode({
      for user, policy in output.policies : user => flatten([
        for statement in jsondecode(policy).Statement : [
          for resource in statement.Resource : [for action in statement.Action : "${statement.Effect} ${action} ${resource}"]
        ]
      ])
      }) == jsonencode({
      preview_service = [
        for action in ["GetQueueAttributes", "GetQueueUrl", "SendMessage"] : "Allow sqs:${action} ${aws_sqs_queue.pages.arn}"
      ]
      preview_worker = [
        for action in [
          "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage", "SendMessage",
        ] : "Allow sqs:${action} ${aws_sqs_queue.pages.arn}"
      ]
    })
    error_message = "The service does more than send pages, or a worker more than take them and send them again."
  }
}

run "buckets" {
  module {
    source = "./modules/buckets"
  }

  assert {
    condition = jsonencode([for bucket in aws_s3_bucket.store : bucket.bucket]) == jsonencode([
      "location-detection-test-access-logs", "location-detection-test-blueprints", "location-detection-test-cache",
    ])
    error_message = "The buckets are not those of the specification and one for access logs."
  }

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.store : !bucket.force_destroy])
    error_message = "A protected bucket may be destroyed with what is in it."
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
    ])
    error_message = "A bucket is not private, owned by the account alone, and without versions."
  }

  assert {
    condition = alltrue(flatten([
      for encryption in aws_s3_bucket_server_side_encryption_configuration.store :
      [for rule in encryption.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"]
    ]))
    error_message = "A bucket is not encrypted with keys of S3."
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
    condition = (
      aws_s3_bucket_cors_configuration.uploads.bucket == output.blueprints_name
      && one(aws_s3_bucket_cors_configuration.uploads.cors_rule).allowed_methods == toset(["POST"])
      && one(aws_s3_bucket_cors_configuration.uploads.cors_rule).allowed_origins == toset(["https://plans.example.com"])
    )
    error_message = "Only the allowed origins may send files, by POST, to the blueprints."
  }
}

run "a_suffix_makes_the_buckets_ones_own" {
  command = plan

  module {
    source = "./modules/buckets"
  }

  variables {
    suffix = "studio-north"
  }

  assert {
    condition = jsonencode([for bucket in aws_s3_bucket.store : bucket.bucket]) == jsonencode([
      "location-detection-test-access-logs-studio-north", "location-detection-test-blueprints-studio-north",
      "location-detection-test-cache-studio-north",
    ])
    error_message = "A bucket's name is not the operator's own."
  }
}

run "who_may_reach_the_buckets" {
  module {
    source = "./modules/buckets"
  }

  assert {
    condition = alltrue([
      for role, bucket in aws_s3_bucket.store :
      jsonencode(jsondecode(aws_s3_bucket_policy.store[role].policy).Statement[0]) == jsonencode({
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [bucket.arn, "${bucket.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      })
    ])
    error_message = "A bucket can be reached without TLS."
  }

  assert {
    condition = jsonencode({
      for role, bucket in aws_s3_bucket_policy.store : role => slice(
        jsondecode(bucket.policy).Statement, 1, length(jsondecode(bucket.policy).Statement)
      )
      }) == jsonencode({
      blueprints = []
      cache      = []
      access_logs = [{
        Sid       = "LoadBalancersWrite"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.store["access_logs"].arn}/AWSLogs/111122223333/*"
        Condition = {
          ArnLike = { "aws:SourceArn" = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/*" }
        }
      }]
    })
    error_message = "Someone other than the load balancers of this account is let into a bucket by its policy."
  }
}

run "permissions_on_buckets" {
  module {
    source = "./modules/buckets"
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.jobs_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "s3:GetObject ${aws_s3_bucket.store["blueprints"].arn}/blueprints/*",
      "s3:PutObject ${aws_s3_bucket.store["blueprints"].arn}/blueprints/*",
      "s3:DeleteObject ${aws_s3_bucket.store["blueprints"].arn}/blueprints/*",
      "s3:GetObject ${aws_s3_bucket.store["blueprints"].arn}/uploads/*",
      "s3:PutObject ${aws_s3_bucket.store["blueprints"].arn}/uploads/*",
      "s3:DeleteObject ${aws_s3_bucket.store["blueprints"].arn}/uploads/*",
      "s3:ListBucket ${aws_s3_bucket.store["blueprints"].arn}",
    ])
    error_message = "The jobs service has other permissions on buckets than its adapters use."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.preview_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "s3:GetObject ${aws_s3_bucket.store["blueprints"].arn}/blueprints/*",
      "s3:ListBucket ${aws_s3_bucket.store["blueprints"].arn}",
      "s3:GetObject ${aws_s3_bucket.store["cache"].arn}/cache/*",
      "s3:PutObject ${aws_s3_bucket.store["cache"].arn}/cache/*",
      "s3:DeleteObject ${aws_s3_bucket.store["cache"].arn}/cache/*",
      "s3:ListBucket ${aws_s3_bucket.store["cache"].arn}",
    ])
    error_message = "The preview service has other permissions on buckets than its adapters use."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.reconciler).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "s3:ListBucket ${aws_s3_bucket.store["blueprints"].arn}",
      "s3:DeleteObject ${aws_s3_bucket.store["blueprints"].arn}/blueprints/*",
      "s3:DeleteObject ${aws_s3_bucket.store["blueprints"].arn}/uploads/*",
    ])
    error_message = "The reconciler has other permissions on buckets than its adapters use."
  }

  assert {
    condition = jsonencode({
      for statement in jsondecode(output.policies.reconciler).Statement :
      statement.Sid => try(statement.Condition, null)
      }) == jsonencode({
      ListBlueprints   = { StringEquals = { "s3:prefix" = ["blueprints/", "uploads/"] } }
      DeleteBlueprints = null
    })
    error_message = "The reconciler may list more than blueprints and uploads."
  }

  assert {
    condition = alltrue(flatten([
      for policy in output.policies : [for statement in jsondecode(policy).Statement : statement.Effect == "Allow"]
    ]))
    error_message = "A statement about a bucket does not allow."
  }
}

run "buckets_without_protection" {
  command = plan

  module {
    source = "./modules/buckets"
  }

  variables {
    deletion_protection = false
    cors_origins        = ["*"]
  }

  assert {
    condition     = alltrue([for bucket in aws_s3_bucket.store : bucket.force_destroy])
    error_message = "Buckets are protected though it was not asked for."
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
    condition = jsonencode({
      for setting in aws_ssm_parameter.setting : setting.name => "${setting.type} ${setting.insecure_value}"
      }) == jsonencode({
      "/location-detection/test/api/pages_per_day"                 = "String 20000"
      "/location-detection/test/api/rate_limit_per_minute"         = "String 600"
      "/location-detection/test/api/service_rate_limit_per_minute" = "String 60000"
      "/location-detection/test/jobs/url_input_enabled"            = "String false"
      "/location-detection/test/preview/deadline_seconds"          = "String 5"
      "/location-detection/test/preview/textract_features"         = "String LAYOUT"
    })
    error_message = "The parameters are not those of docs/configuration.md with their defaults."
  }

  assert {
    condition = (
      output.api_keys_secret_name == "location-detection/test/api/keys"
      && output.internal_token_secret_name == "location-detection/test/internal/token"
      && output.path == "/location-detection/test"
    )
    error_message = "Parameters and secrets are not where the specification has them."
  }

  assert {
    condition = (
      aws_secretsmanager_secret.api_keys.recovery_window_in_days == 30
      && aws_secretsmanager_secret.internal_token.recovery_window_in_days == 30
    )
    error_message = "A protected secret cannot be restored once deleted."
  }

  assert {
    condition = alltrue([
      for version in [aws_secretsmanager_secret_version.no_api_keys, aws_secretsmanager_secret_version.first_internal_token] :
      version.version_stages == toset(["AWSCURRENT", "FIRST"]) && version.secret_string_wo == null
    ])
    error_message = "The first version of a secret has no label of its own, or its value is in the state."
  }
}

run "permissions_on_parameters" {
  module {
    source = "./modules/parameters"
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.jobs_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "secretsmanager:GetSecretValue ${aws_secretsmanager_secret.api_keys.arn}",
      "secretsmanager:GetSecretValue ${aws_secretsmanager_secret.internal_token.arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/pages_per_day"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/rate_limit_per_minute"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/service_rate_limit_per_minute"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["jobs/url_input_enabled"].arn}",
    ])
    error_message = "The jobs service reads other secrets or parameters than it should."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.preview_service).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset([
      "secretsmanager:GetSecretValue ${aws_secretsmanager_secret.api_keys.arn}",
      "secretsmanager:GetSecretValue ${aws_secretsmanager_secret.internal_token.arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/pages_per_day"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/rate_limit_per_minute"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["api/service_rate_limit_per_minute"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["preview/deadline_seconds"].arn}",
      "ssm:GetParameters ${aws_ssm_parameter.setting["preview/textract_features"].arn}",
    ])
    error_message = "The preview service reads other secrets or parameters than it should."
  }

  assert {
    condition = toset(flatten([
      for statement in jsondecode(output.policies.preview_worker).Statement :
      [for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]]
      ])) == toset(flatten([
      for statement in jsondecode(output.policies.preview_service).Statement : [
        for resource in statement.Resource : [for action in statement.Action : "${action} ${resource}"]
        if resource != aws_secretsmanager_secret.api_keys.arn
      ]
    ]))
    error_message = "A worker reads more or less than the preview service, the API keys left out."
  }

  assert {
    condition     = toset(keys(output.policies)) == toset(["jobs_service", "preview_service", "preview_worker"])
    error_message = "Someone else may read secrets."
  }
}

run "task_role" {
  module {
    source = "./modules/task_role"
  }

  variables {
    name = "location-detection-test-jobs"
    policies = [
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"One\",\"Effect\":\"Allow\",\"Action\":[\"a:A\"],\"Resource\":[\"x\"]}]}",
      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Two\",\"Effect\":\"Allow\",\"Action\":[\"b:B\"],\"Resource\":[\"y\"],\"Condition\":{\"Bool\":{\"c\":\"true\"}}}]}",
    ]
  }

  assert {
    condition = output.policy_json == jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Sid = "One", Effect = "Allow", Action = ["a:A"], Resource = ["x"] },
        { Sid = "Two", Effect = "Allow", Action = ["b:B"], Resource = ["y"], Condition = { Bool = { c = "true" } } },
      ]
    })
    error_message = "The role's policy is not all statements of the policies it was given."
  }

  assert {
    condition     = aws_iam_role_policy.task.policy == output.policy_json && aws_iam_role_policy.task.role == aws_iam_role.task.id
    error_message = "The role does not have the policy that is put out."
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
