# What each user calls on the queue, no more: read services/preview/src/preview/adapters/page_queue.py beside it. Dead
# letters are an operator's matter (`flask dead-letters`), with the rights of a person.

locals {
  statements = {
    preview_service = [
      {
        Sid      = "QueuePages"
        Effect   = "Allow"
        Action   = ["sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"]
        Resource = [aws_sqs_queue.pages.arn]
      },
    ]
    preview_worker = [
      {
        Sid    = "TakePages"
        Effect = "Allow"
        Action = [
          "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:GetQueueUrl",
          "sqs:ReceiveMessage", "sqs:SendMessage",
        ]
        Resource = [aws_sqs_queue.pages.arn]
      },
    ]
  }
}
