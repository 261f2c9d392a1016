locals {
  environment_pairs = { for name, own in local.service_dimensions : name => ["service", own.service, "environment", own.environment] }
  stages            = ["LoadSeconds", "RenderSeconds", "TextractSeconds", "DetectionSeconds", "TotalSeconds"]
  reconciled = [
    "OrphanObjectsDeleted", "ExpiredObjectsDeleted", "UsedUploadsDeleted",
    "JobsFailedMissingBlueprint", "ReconcilerFailures",
  ]

  # Metrics with an open last dimension: a line for each of its values.
  by_dimension = {
    for name, dimension in { Requests = "route", Latency = "route", Errors = "code", Jobs = "status" } :
    name => "{LocationDetection,environment,service,${dimension}} MetricName=\"${name}\" environment=\"${var.environment}\""
  }
  breakers = "{LocationDetection,environment,service,dependency,state} MetricName=\"CircuitBreakerChanges\" environment=\"${var.environment}\""

  widgets = [
    {
      title = "Availability: answered, % (objective 99.5)"
      metrics = [
        [{ id = "result", label = "answered", expression = "IF(FILL(requests, 0) + FILL(unrouted, 0) > 0, 100 * (1 - (FILL(failed, 0) + FILL(unrouted, 0)) / (FILL(requests, 0) + FILL(unrouted, 0))), 100)" }],
        ["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.alb_arn_suffix, { id = "requests", visible = false }],
        [".", "HTTPCode_Target_5XX_Count", ".", ".", { id = "failed", visible = false }],
        [".", "HTTPCode_ELB_5XX_Count", ".", ".", { id = "unrouted", visible = false }],
      ]
    },
    {
      title   = "Requests by route"
      metrics = [[{ expression = "SEARCH('${local.by_dimension.Requests}', 'Sum')" }]]
    },
    {
      title   = "Latency by route, p95, ms"
      metrics = [[{ expression = "SEARCH('${local.by_dimension.Latency}', 'p95')" }]]
    },
    {
      title   = "Errors by code"
      metrics = [[{ expression = "SEARCH('${local.by_dimension.Errors}', 'Sum')" }]]
    },
    {
      title   = "Jobs by state"
      metrics = [[{ expression = "SEARCH('${local.by_dimension.Jobs}', 'Sum')" }]]
    },
    {
      title   = "A preview's stages, p95, s"
      stat    = "p95"
      metrics = [for stage in local.stages : concat(["LocationDetection", stage], local.environment_pairs.preview)]
    },
    {
      title   = "Rooms found per preview"
      stat    = "Average"
      metrics = [concat(["LocationDetection", "RoomsFound"], local.environment_pairs.preview)]
    },
    {
      title   = "Cache hits and misses"
      metrics = [for name in ["CacheHits", "CacheMisses"] : concat(["LocationDetection", name], local.environment_pairs.preview)]
    },
    {
      title = "Textract: pages, and estimated USD (right)"
      metrics = [
        concat(["LocationDetection", "TextractPages"], local.environment_pairs.preview),
        concat(["LocationDetection", "TextractEstimatedUsd"], local.environment_pairs.preview, [{ yAxis = "right" }]),
      ]
    },
    {
      title = "Pages that Textract did not read, by kind"
      metrics = [
        for kind in ["late", "unavailable", "failed"] :
        concat(["LocationDetection", "TextractErrors"], local.environment_pairs.preview, ["kind", kind])
      ]
    },
    {
      title   = "Circuit breakers opened and closed"
      metrics = [[{ expression = "SEARCH('${local.breakers}', 'Sum')" }]]
    },
    {
      title = "Pages in the queue, and seconds that the oldest has waited (right)"
      stat  = "Maximum"
      metrics = [
        ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", var.queue_names.pages, { label = "waiting" }],
        [".", "ApproximateNumberOfMessagesNotVisible", ".", ".", { label = "at work" }],
        [".", "ApproximateNumberOfMessagesVisible", ".", var.queue_names.dead, { label = "dead letters" }],
        [".", "ApproximateAgeOfOldestMessage", ".", var.queue_names.pages, { label = "age, s", yAxis = "right" }],
      ]
    },
    {
      title = "Pages that workers processed, by outcome"
      metrics = [
        for outcome in ["done", "failed", "skipped", "retry", "given_back", "crashed"] :
        concat(["LocationDetection", "Pages"], local.environment_pairs.preview, ["outcome", outcome])
      ]
    },
    {
      title = "CPU and memory, %"
      stat  = "Average"
      metrics = [
        for pair in setproduct(concat(keys(local.service_dimensions), ["preview-worker"]), ["CPUUtilization", "MemoryUtilization"]) :
        ["AWS/ECS", pair[1], "ClusterName", var.cluster.name, "ServiceName", pair[0]]
      ]
    },
    {
      title = "Healthy tasks"
      stat  = "Minimum"
      metrics = [
        for service, target in local.targets :
        ["AWS/ApplicationELB", "HealthyHostCount", "LoadBalancer", target.LoadBalancer, "TargetGroup", target.TargetGroup, { label = service }]
      ]
    },
    {
      title   = "Reconciler: repairs and failures"
      metrics = [for name in local.reconciled : concat(["LocationDetection", name], local.environment_pairs.jobs)]
    },
    {
      title = "DynamoDB: throttled"
      metrics = concat([
        for name in values(var.table_names) : ["AWS/DynamoDB", "ReadThrottleEvents", "TableName", name]
        ], [
        for name in values(var.table_names) : ["AWS/DynamoDB", "WriteThrottleEvents", "TableName", name]
      ])
    },
  ]
}

resource "aws_cloudwatch_dashboard" "services" {
  dashboard_name = var.prefix

  dashboard_body = jsonencode({
    widgets = concat(
      [{
        type       = "alarm"
        x          = 0
        y          = 0
        width      = 24
        height     = 3
        properties = { title = "Alarms", alarms = [for alarm in aws_cloudwatch_metric_alarm.alarm : alarm.arn] }
      }],
      [
        for index, widget in local.widgets : {
          type   = "metric"
          x      = 8 * (index % 3)
          y      = 3 + 6 * floor(index / 3)
          width  = 8
          height = 6
          properties = {
            title   = widget.title
            region  = var.region
            view    = "timeSeries"
            stat    = try(widget.stat, "Sum")
            period  = 300
            metrics = widget.metrics
          }
        }
      ],
    )
  })
}
