# Every table of both services: on demand, items that expire at `expires_at` (epoch seconds), keys of strings but for
# those that `numbers` names.

locals {
  tables = {

    # The second index holds the jobs that owe something, by what they owe and by the time at which somebody has to look
    # at them: pages that preview does not have yet, or the end of their processing. Other jobs have neither key.
    jobs = {
      hash_key  = "job_id"
      range_key = null
      indexes = {
        "owner-created_at" = { hash_key = "owner", range_key = "created_at", projection = "ALL" }
        "owes-due_at"      = { hash_key = "owes", range_key = "due_at", projection = "KEYS_ONLY" }
      }
    }
    feedback    = { hash_key = "job_id", range_key = "feedback_id", indexes = {} }
    idempotency = { hash_key = "idempotency_key", range_key = null, indexes = {} }
    uploads     = { hash_key = "upload_id", range_key = null, indexes = {} }
    rate_limits = { hash_key = "bucket_key", range_key = null, indexes = {} }
    preview_cache = {
      hash_key  = "blueprint_hash"
      range_key = null
      indexes   = { job_id = { hash_key = "job_id", range_key = null, projection = "KEYS_ONLY" } }
    }

    # The index holds the pages that have not ended, by the time at which somebody has to look at them again: a page
    # that has ended has neither of its keys. `unfinished` spreads them over a few partitions.
    preview_pages = {
      hash_key  = "job_id"
      range_key = "page"
      indexes   = { "unfinished-due_at" = { hash_key = "unfinished", range_key = "due_at", projection = "KEYS_ONLY" } }
    }
  }
  numbers = ["page"]
}

resource "aws_dynamodb_table" "store" {
  for_each = local.tables

  name                        = "${var.prefix}-${replace(each.key, "_", "-")}"
  billing_mode                = "PAY_PER_REQUEST"
  deletion_protection_enabled = var.deletion_protection
  hash_key                    = each.value.hash_key
  range_key                   = each.value.range_key

  dynamic "attribute" {
    for_each = toset(compact(flatten([
      each.value.hash_key, each.value.range_key, [for index in each.value.indexes : [index.hash_key, index.range_key]]
    ])))

    content {
      name = attribute.value
      type = contains(local.numbers, attribute.value) ? "N" : "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = each.value.indexes

    content {
      name            = global_secondary_index.key
      hash_key        = global_secondary_index.value.hash_key
      range_key       = global_secondary_index.value.range_key
      projection_type = global_secondary_index.value.projection
    }
  }

  ttl {
    enabled        = true
    attribute_name = "expires_at"
  }

  # Erased data leaves the backups after this time, the longest period that AWS offers.
  point_in_time_recovery {
    enabled                 = true
    recovery_period_in_days = 35
  }

  # By the AWS managed key of DynamoDB; users of the table need no permission on it.
  server_side_encryption {
    enabled = true
  }
}
