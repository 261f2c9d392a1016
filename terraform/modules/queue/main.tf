# The queue of pages that preview's workers take, and its dead letters. A message names a job and a page and is a hint:
# what is to be done stands in the table preview_pages, so messages may be lost, doubled and out of order.

resource "aws_sqs_queue" "pages" {
  name = "${var.prefix}-preview-pages"

  # How long a worker has before another one is given the page; it asks for more while it works on one.
  visibility_timeout_seconds = 60

  message_retention_seconds = 345600 # 4 days
  receive_wait_time_seconds = 20     # the longest there is: an idle worker makes three requests a minute

  # By keys that AWS keeps for SQS; whoever may use the queue needs no right to them.
  sqs_managed_sse_enabled = true

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    # Far more often than a page is attempted: only a message that no worker can end comes so far.
    maxReceiveCount = 10
  })
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.prefix}-preview-pages-dead"
  message_retention_seconds = 1209600 # 14 days, the longest there is
  sqs_managed_sse_enabled   = true
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.id

  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.pages.arn]
  })
}

resource "aws_sqs_queue_policy" "queue" {
  for_each = { pages = aws_sqs_queue.pages, dead = aws_sqs_queue.dead }

  queue_url = each.value.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "RefusePlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = each.value.arn
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
