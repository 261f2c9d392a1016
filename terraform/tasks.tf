# Tasks, which are what runs and with which means; then who starts them: three services, and a schedule.

locals {
  # The same as the image's own, which ECS ignores.
  http_health_check = {
    command = [
      "CMD", "python", "-c",
      "import urllib.request as u; u.urlopen('http://127.0.0.1:${local.port}/health/live', timeout=2)",
    ]
    interval    = 10
    timeout     = 3
    startPeriod = 20
  }

  heartbeat_file = "/tmp/worker-alive"
}

module "task" {
  source = "./modules/task"

  for_each = {
    jobs = {
      image        = var.jobs_image
      environment  = local.jobs_environment
      port         = local.port
      health_check = local.http_health_check

      # Half a core: a request mostly waits for S3 and DynamoDB. Memory: two workers of 150 MB with eight uploads each, and four
      # child processes that read headers, of 256 MiB each. 2 GB is the next size that Fargate offers.
      cpu        = 512
      memory_mib = 2048
    }

    preview = {
      image        = var.preview_image
      environment  = local.preview_environment
      port         = local.port
      health_check = local.http_health_check

      # Drawing and detecting cost a second of a core each. Two workers run two child processes each, of at most 640 MiB (a page
      # of 100 megapixels needs that, most pages a fifth): 2560 MiB, and 512 for the workers and everything else.
      cpu        = local.settings.preview_task.cpu
      memory_mib = local.settings.preview_task.memory_mib
    }

    # They take pages from the queue; nobody calls them.
    preview-worker = {
      image       = var.preview_image
      command     = ["flask", "--app", "wsgi", "work", "--heartbeat-file", local.heartbeat_file]
      environment = local.preview_environment

      # A worker that is well touches the file every half minute at least.
      health_check = {
        command = [
          "CMD", "python", "-c",
          "import os, sys, time; sys.exit(time.time() - os.path.getmtime('${local.heartbeat_file}') > 60)",
        ]
        interval    = 20
        timeout     = 5
        startPeriod = 60
      }

      # A poll takes up to 20 s, or a page goes on for up to 45 s (WORKER_DRAIN_SECONDS) and is then given back.
      stop_timeout_seconds = 60

      # One page at a time: a process that draws and detects on a core, one child that may hold 640 MiB and a warm one.
      cpu        = 1024
      memory_mib = 2048
    }

    reconciler = {
      image       = var.jobs_image
      command     = ["flask", "--app", "wsgi", "reconcile"]
      environment = local.jobs_environment
      cpu         = 256 # the least that Fargate offers: a run takes 100 MB
      memory_mib  = 512
    }
  }

  name               = each.key
  prefix             = local.prefix
  region             = local.region
  task               = each.value
  task_role_arn      = module.task_role[each.key].arn
  execution_role_arn = module.task_role["execution"].arn
  log_group_name     = local.log_groups[each.key]
  log_retention_days = local.settings.log_retention_days
}

module "jobs" {
  source = "./modules/service"

  name                = "jobs"
  task_definition_arn = module.task["jobs"].definition.arn
  cluster             = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn       = aws_service_discovery_http_namespace.internal.arn
  subnet_ids          = module.network.private_subnet_ids
  security_group_id   = module.network.service_security_group_ids.jobs
  tasks               = local.settings.tasks

  http = {
    port                = local.port
    target_group_arn    = module.routing.target_group_arns.jobs
    request_count_label = module.routing.request_count_labels.jobs

    # 16 threads at about 100 ms a request could serve ten times as many; uploads take seconds.
    requests_per_minute = 1000
  }
}

module "preview" {
  source = "./modules/service"

  name                = "preview"
  task_definition_arn = module.task["preview"].definition.arn
  cluster             = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn       = aws_service_discovery_http_namespace.internal.arn
  subnet_ids          = module.network.private_subnet_ids
  security_group_id   = module.network.service_security_group_ids.preview
  tasks               = local.settings.tasks

  http = {
    port                = local.port
    target_group_arn    = module.routing.target_group_arns.preview
    request_count_label = module.routing.request_count_labels.preview

    # Half of what a core serves at a second per preview; answers from the cache are not counted.
    requests_per_minute = 60
  }
}

module "worker" {
  source = "./modules/service"

  name                = "preview-worker"
  task_definition_arn = module.task["preview-worker"].definition.arn
  cluster             = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn       = aws_service_discovery_http_namespace.internal.arn
  subnet_ids          = module.network.private_subnet_ids
  security_group_id   = module.network.worker_security_group_id
  tasks               = local.settings.workers

  backlog = {
    queue_name     = module.queue.name
    pages_per_task = 30 # two minutes of waiting, with four seconds a page
  }
}

# A task resolves the Service Connect endpoints that existed at the last deployment of its service, and each of the two
# services calls the other. So each is deployed once more when both endpoints exist. The provider cannot do that.
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-concepts-deploy.html
resource "terraform_data" "redeployment" {
  triggers_replace = [aws_service_discovery_http_namespace.internal.id, module.jobs.id, module.preview.id, module.worker.id]

  provisioner "local-exec" {
    command = join(" && ", [
      for service in [module.jobs.name, module.preview.name, module.worker.name] :
      "aws ecs update-service --region ${local.region} --cluster ${aws_ecs_cluster.tasks.name} --service ${service} --force-new-deployment --query service.serviceName --output text"
    ])
  }
}

module "reconciler" {
  source = "./modules/reconciler"

  prefix             = local.prefix
  task_definition    = module.task["reconciler"].definition
  task_role_arn      = module.task_role["reconciler"].arn
  execution_role_arn = module.task_role["execution"].arn
  cluster_arn        = aws_ecs_cluster.tasks.arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.reconciler_security_group_id
}
