# Private buckets, encrypted with keys of S3, reached over TLS only.

locals {
  object_expiry_days = 30

  # Days until objects under each prefix are deleted. The services delete their objects long before.
  expiry_days = {
    blueprints  = { "" = local.object_expiry_days, "uploads/" = 1 }
    cache       = { "" = local.object_expiry_days }
    access_logs = { "" = 90 }
  }
}

resource "aws_s3_bucket" "store" {
  for_each = local.expiry_days

  bucket        = join("-", compact([var.prefix, replace(each.key, "_", "-"), var.suffix]))
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_ownership_controls" "store" {
  for_each = local.expiry_days

  bucket = aws_s3_bucket.store[each.key].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "store" {
  for_each = local.expiry_days

  bucket                  = aws_s3_bucket.store[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "store" {
  for_each = local.expiry_days

  bucket = aws_s3_bucket.store[each.key].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

# Off, so that erased data is gone; as a resource, so that a plan shows when somebody enabled it.
resource "aws_s3_bucket_versioning" "store" {
  for_each = local.expiry_days

  bucket = aws_s3_bucket.store[each.key].id

  versioning_configuration {
    status = "Disabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "store" {
  for_each = local.expiry_days

  bucket = aws_s3_bucket.store[each.key].id

  dynamic "rule" {
    for_each = local.expiry_days[each.key]

    content {
      id     = "expire-${coalesce(trimsuffix(rule.key, "/"), "all")}"
      status = "Enabled"

      filter {
        prefix = rule.key
      }

      expiration {
        days = rule.value
      }
    }
  }

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"

    filter {
      prefix = ""
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

# Browsers send large files straight here, by a presigned POST.
resource "aws_s3_bucket_cors_configuration" "uploads" {
  bucket = aws_s3_bucket.store["blueprints"].id

  cors_rule {
    allowed_methods = ["POST"]
    allowed_origins = var.cors_origins
    allowed_headers = ["*"]
    expose_headers  = ["ETag"]
    max_age_seconds = 3600
  }
}
