locals {
  region         = data.aws_region.current.name
  image_pattern  = "^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com/(?P<repository>[a-z0-9/_.-]+)@sha256:[0-9a-f]{64}$"
  origin_pattern = "^https?://([a-z0-9_][a-z0-9._-]*|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?$"
  log_groups     = { for task in ["jobs", "preview", "preview-worker", "reconciler"] : task => "/${local.project}/${local.environment}/${task}" }

  # Environment variables of the services. Names of secrets and not their values, which the services read every five minutes.
  common_environment = {
    ENVIRONMENT           = local.environment
    AWS_REGION            = local.region
    API_KEYS_SECRET       = module.parameters.api_keys_secret_name
    INTERNAL_TOKEN_SECRET = module.parameters.internal_token_secret_name
    PARAMETERS_PATH       = module.parameters.path
    RATE_LIMITS_TABLE     = module.tables.names.rate_limits
    BLUEPRINTS_BUCKET     = module.buckets.blueprints_name
    CORS_ORIGINS          = join(",", var.cors_origins)
  }
  jobs_environment = merge(local.common_environment, {
    JOBS_TABLE        = module.tables.names.jobs
    UPLOADS_TABLE     = module.tables.names.uploads
    IDEMPOTENCY_TABLE = module.tables.names.idempotency
    FEEDBACK_TABLE    = module.tables.names.feedback
    PREVIEW_URL       = "http://preview:8000"

    # Orphans are gone within 15 minutes: this age, at most five minutes until the next run, and a minute for the run.
    RECONCILE_AFTER_SECONDS = "540"
  }, var.retention_days == null ? {} : { RETENTION_DAYS = tostring(var.retention_days) })
  preview_environment = merge(local.common_environment, {
    PREVIEW_CACHE_TABLE = module.tables.names.preview_cache
    PREVIEW_PAGES_TABLE = module.tables.names.preview_pages
    PREVIEW_PAGES_QUEUE = module.queue.name
    CACHE_BUCKET        = module.buckets.cache_name
    JOBS_URL            = "http://jobs:8000"
  })
}

# Data stores, parameters and secrets.

module "tables" {
  source = "./modules/tables"

  prefix              = local.prefix
  deletion_protection = local.settings.deletion_protection
}

module "queue" {
  source = "./modules/queue"

  prefix = local.prefix
}

module "buckets" {
  source = "./modules/buckets"

  prefix              = local.prefix
  suffix              = var.bucket_suffix
  cors_origins        = var.cors_origins
  deletion_protection = local.settings.deletion_protection
}

module "parameters" {
  source = "./modules/parameters"

  environment         = local.environment
  deletion_protection = local.settings.deletion_protection
}

# IAM roles.

module "jobs_role" {
  source = "./modules/task_role"

  name = "${local.prefix}-jobs"
  policies = [
    module.tables.policies.jobs_service,
    module.buckets.policies.jobs_service,
    module.parameters.policies.jobs_service,
  ]
}

module "preview_role" {
  source = "./modules/task_role"

  name = "${local.prefix}-preview"
  policies = [
    module.tables.policies.preview_service,
    module.queue.policies.preview_service,
    module.buckets.policies.preview_service,
    module.parameters.policies.preview_service,
    data.aws_iam_policy_document.textract.json,
  ]
}

# Its own, not preview's: what callers reach takes no pages from the queue, and what opens their files with nobody
# watching reads no API keys.
module "worker_role" {
  source = "./modules/task_role"

  name = "${local.prefix}-preview-worker"
  policies = [
    module.tables.policies.preview_worker,
    module.queue.policies.preview_worker,
    module.buckets.policies.preview_service,
    module.parameters.policies.preview_worker,
    data.aws_iam_policy_document.textract.json,
  ]
}

module "reconciler_role" {
  source = "./modules/task_role"

  name = "${local.prefix}-reconciler"
  policies = [
    module.tables.policies.reconciler,
    module.buckets.policies.reconciler,
  ]
}

# Role of the agent that starts tasks, not of the code inside: pulls images, writes logs.
module "execution_role" {
  source = "./modules/task_role"

  name     = "${local.prefix}-execution"
  policies = [data.aws_iam_policy_document.execution.json]
}

data "aws_iam_policy_document" "textract" {
  statement {
    sid       = "ReadText"
    actions   = ["textract:AnalyzeDocument"]
    resources = ["*"] # Textract has no resources that a policy could name
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "LogInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"] # belongs to the account, not to a repository
  }

  statement {
    sid     = "PullImages"
    actions = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = distinct([
      for image in [regex(local.image_pattern, var.jobs_image), regex(local.image_pattern, var.preview_image)] :
      "arn:aws:ecr:${image.region}:${image.account}:repository/${image.repository}"
    ])
  }

  statement {
    sid     = "WriteLogs"
    actions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      for name in values(local.log_groups) :
      "arn:aws:logs:${local.region}:${data.aws_caller_identity.current.account_id}:log-group:${name}:*"
    ]
  }
}

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

# Network, load balancer, cluster.

module "network" {
  source = "./modules/network"

  prefix              = local.prefix
  region              = local.region
  zone_count          = local.settings.zone_count
  endpoint_zone_count = local.settings.endpoint_zone_count
  enable_nat          = local.settings.enable_nat
  bucket_names        = [module.buckets.blueprints_name, module.buckets.cache_name]
  table_arns          = values(module.tables.arns)
}

module "routing" {
  source = "./modules/routing"

  prefix              = local.prefix
  vpc_id              = module.network.vpc_id
  subnet_ids          = module.network.public_subnet_ids
  security_group_id   = module.network.alb_security_group_id
  certificate_arn     = var.certificate_arn
  access_logs_bucket  = module.buckets.access_logs_name
  deletion_protection = local.settings.deletion_protection
}

resource "aws_ecs_cluster" "tasks" {
  name = local.prefix

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

# Service Connect: the services call each other at http://jobs:8000 and http://preview:8000.
resource "aws_service_discovery_http_namespace" "internal" {
  name        = local.prefix
  description = "Names by which jobs and preview call each other"
}

# Services and the reconciler.

module "jobs" {
  source = "./modules/service"

  name               = "jobs"
  prefix             = local.prefix
  region             = local.region
  image              = var.jobs_image
  environment        = local.jobs_environment
  log_group_name     = local.log_groups.jobs
  log_retention_days = local.settings.log_retention_days

  # Half a core: a request mostly waits for S3 and DynamoDB. Memory: two workers of 150 MB with eight uploads each, and four
  # child processes that read headers, of 256 MiB each. 2 GB is the next size that Fargate offers.
  cpu        = 512
  memory_mib = 2048

  task_role_arn      = module.jobs_role.arn
  execution_role_arn = module.execution_role.arn
  cluster            = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn      = aws_service_discovery_http_namespace.internal.arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.service_security_group_ids.jobs
  target_group_arn   = module.routing.target_group_arns.jobs
  tasks              = local.settings.tasks

  # 16 threads at about 100 ms a request could serve ten times as many; uploads take seconds.
  requests_per_target = { label = module.routing.request_count_labels.jobs, per_minute = 1000 }
}

module "preview" {
  source = "./modules/service"

  name               = "preview"
  prefix             = local.prefix
  region             = local.region
  image              = var.preview_image
  environment        = local.preview_environment
  log_group_name     = local.log_groups.preview
  log_retention_days = local.settings.log_retention_days

  # Drawing and detecting cost a second of a core each. Two workers run two child processes each, of at most 640 MiB (a page
  # of 100 megapixels needs that, most pages a fifth): 2560 MiB, and 512 for the workers and everything else.
  cpu        = local.settings.preview_task.cpu
  memory_mib = local.settings.preview_task.memory_mib

  task_role_arn      = module.preview_role.arn
  execution_role_arn = module.execution_role.arn
  cluster            = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn      = aws_service_discovery_http_namespace.internal.arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.service_security_group_ids.preview
  target_group_arn   = module.routing.target_group_arns.preview
  tasks              = local.settings.tasks

  # Half of what a core serves at a second per preview; answers from the cache are not counted.
  requests_per_target = { label = module.routing.request_count_labels.preview, per_minute = 60 }
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

module "worker" {
  source = "./modules/worker"

  prefix             = local.prefix
  region             = local.region
  image              = var.preview_image
  environment        = local.preview_environment
  log_group_name     = local.log_groups["preview-worker"]
  log_retention_days = local.settings.log_retention_days
  task_role_arn      = module.worker_role.arn
  execution_role_arn = module.execution_role.arn
  cluster            = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  namespace_arn      = aws_service_discovery_http_namespace.internal.arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.worker_security_group_id
  tasks              = local.settings.workers
  queue_name         = module.queue.name

  # Two minutes of waiting, with four seconds a page.
  pages_per_task = 30
}

module "reconciler" {
  source = "./modules/reconciler"

  prefix             = local.prefix
  region             = local.region
  image              = var.jobs_image
  environment        = local.jobs_environment
  log_group_name     = local.log_groups.reconciler
  log_retention_days = local.settings.log_retention_days
  task_role_arn      = module.reconciler_role.arn
  execution_role_arn = module.execution_role.arn
  cluster_arn        = aws_ecs_cluster.tasks.arn
  subnet_ids         = module.network.private_subnet_ids
  security_group_id  = module.network.reconciler_security_group_id
}

# Alarms and dashboard.

module "observability" {
  source = "./modules/observability"

  prefix                    = local.prefix
  environment               = local.environment
  region                    = local.region
  alarm_email               = var.alarm_email
  alb_arn_suffix            = module.routing.alb_arn_suffix
  target_group_arn_suffixes = module.routing.target_group_arn_suffixes
  table_names               = module.tables.names
  queue_names               = { pages = module.queue.name, dead = module.queue.dead_name }
  cluster                   = { arn = aws_ecs_cluster.tasks.arn, name = aws_ecs_cluster.tasks.name }
  textract_budget_usd       = local.settings.textract_budget_usd
}
