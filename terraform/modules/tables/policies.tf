# IAM statements per user: exactly the calls of the adapters in services/*/src/*/adapters. A transaction needs the
# permissions of the writes inside it.

locals {
  arns = { for role, table in aws_dynamodb_table.store : role => table.arn }

  count_requests = {
    Sid      = "CountRequests"
    Effect   = "Allow"
    Action   = ["dynamodb:UpdateItem"]
    Resource = [local.arns.rate_limits]
  }

  # A worker computes and erases as the API does, and no caller's requests are counted there.
  keep_results = [
    {
      Sid      = "ReadWritePreviewCache"
      Effect   = "Allow"
      Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]
      Resource = [local.arns.preview_cache]
    },
    {
      Sid      = "QueryPreviewsByJob"
      Effect   = "Allow"
      Action   = ["dynamodb:Query"]
      Resource = ["${local.arns.preview_cache}/index/job_id"]
    },
    {
      Sid    = "ReadWritePages"
      Effect = "Allow"
      Action = [
        "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem", "dynamodb:Query",
      ]
      Resource = [local.arns.preview_pages]
    },
    {
      Sid      = "QueryUnfinishedPages"
      Effect   = "Allow"
      Action   = ["dynamodb:Query"]
      Resource = ["${local.arns.preview_pages}/index/unfinished-due_at"]
    },
  ]

  statements = {
    jobs_service = [
      {
        Sid      = "ReadWriteJobs"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
        Resource = [local.arns.jobs]
      },
      {
        Sid      = "ListJobs"
        Effect   = "Allow"
        Action   = ["dynamodb:Query"]
        Resource = ["${local.arns.jobs}/index/owner-created_at"]
      },
      {
        Sid      = "QueryOwedWork"
        Effect   = "Allow"
        Action   = ["dynamodb:Query"]
        Resource = ["${local.arns.jobs}/index/owes-due_at"]
      },
      {
        Sid      = "ReadWriteUploads"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]
        Resource = [local.arns.uploads]
      },
      {
        Sid      = "ReadWriteIdempotencyKeys"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
        Resource = [local.arns.idempotency]
      },
      {
        Sid    = "ReadWriteFeedback"
        Effect = "Allow"
        Action = [
          "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem",
          "dynamodb:BatchWriteItem", "dynamodb:Query",
        ]
        Resource = [local.arns.feedback]
      },
      local.count_requests,
    ]
    preview_service = concat(local.keep_results, [local.count_requests])
    preview_worker  = local.keep_results
    reconciler = [
      {
        Sid      = "RepairJobs"
        Effect   = "Allow"
        Action   = ["dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:PutItem"]
        Resource = [local.arns.jobs]
      },
      {
        Sid      = "ReadUploads"
        Effect   = "Allow"
        Action   = ["dynamodb:GetItem"]
        Resource = [local.arns.uploads]
      },
    ]
  }
}
