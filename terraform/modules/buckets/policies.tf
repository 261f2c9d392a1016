data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# Bucket policies: TLS only, and access logs from the load balancer.

resource "aws_s3_bucket_policy" "store" {
  for_each = aws_s3_bucket.store

  bucket = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [each.value.arn, "${each.value.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }],
      each.key == "access_logs" ? [local.load_balancers_write] : []
    )
  })

  # AWS takes a policy and an access block on the same bucket one at a time.
  depends_on = [aws_s3_bucket_public_access_block.store]
}

locals {
  account_id = data.aws_caller_identity.current.account_id

  # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
  load_balancers_write = {
    Sid       = "LoadBalancersWrite"
    Effect    = "Allow"
    Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
    Action    = "s3:PutObject"
    Resource  = "${aws_s3_bucket.store["access_logs"].arn}/AWSLogs/${local.account_id}/*"
    Condition = {
      ArnLike = {
        "aws:SourceArn" = join(":", [
          "arn", data.aws_partition.current.partition, "elasticloadbalancing", data.aws_region.current.name,
          local.account_id, "loadbalancer/*",
        ])
      }
    }
  }
}

# IAM statements per user: exactly the calls of the adapters in services/*/src/*/adapters. For IAM, HEAD is GetObject.
# ListBucket also distinguishes a missing object (404) from a forbidden one (403), and HeadBucket of health checks needs it;
# neither has a prefix for a condition.

locals {
  blueprints = aws_s3_bucket.store["blueprints"].arn
  cache      = aws_s3_bucket.store["cache"].arn

  statements = {
    jobs_service = [
      {
        Sid      = "ReadWriteBlueprints"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = ["${local.blueprints}/blueprints/*", "${local.blueprints}/uploads/*"]
      },
      {
        Sid      = "ListBlueprints"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [local.blueprints]
      },
    ]
    # Textract reads the blueprint with the permissions of its caller.
    preview_service = [
      {
        Sid      = "ReadBlueprints"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = ["${local.blueprints}/blueprints/*"]
      },
      {
        Sid      = "ReadWriteResults"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
        Resource = ["${local.cache}/cache/*"]
      },
      {
        Sid      = "ListBlueprintsAndResults"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = [local.blueprints, local.cache]
      },
    ]
    reconciler = [
      {
        Sid       = "ListBlueprints"
        Effect    = "Allow"
        Action    = ["s3:ListBucket"]
        Resource  = [local.blueprints]
        Condition = { StringEquals = { "s3:prefix" = ["blueprints/", "uploads/"] } }
      },
      {
        Sid      = "DeleteBlueprints"
        Effect   = "Allow"
        Action   = ["s3:DeleteObject"]
        Resource = ["${local.blueprints}/blueprints/*", "${local.blueprints}/uploads/*"]
      },
    ]
  }
}
