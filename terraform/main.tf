locals {
  region         = data.aws_region.current.name
  image_pattern  = "^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com/(?P<repository>[a-z0-9/_.-]+)@sha256:[0-9a-f]{64}$"
  origin_pattern = "^https?://([a-z0-9_][a-z0-9._-]*|\\[[0-9a-f:.]+\\])(:[0-9]{1,5})?$"
  log_groups     = { for task in ["jobs", "preview", "preview-worker", "reconciler"] : task => "/${local.project}/${local.environment}/${task}" }

  port = 8000 # of both services, inside the network

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
    PREVIEW_URL       = "http://preview:${local.port}"

    # Orphans are gone within 15 minutes: this age, at most five minutes until the next run, and a minute for the run.
    RECONCILE_AFTER_SECONDS = "540"
  }, var.retention_days == null ? {} : { RETENTION_DAYS = tostring(var.retention_days) })
  preview_environment = merge(local.common_environment, {
    PREVIEW_CACHE_TABLE = module.tables.names.preview_cache
    PREVIEW_PAGES_TABLE = module.tables.names.preview_pages
    PREVIEW_PAGES_QUEUE = module.queue.name
    CACHE_BUCKET        = module.buckets.cache_name
    JOBS_URL            = "http://jobs:${local.port}"
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

module "task_role" {
  source = "./modules/task_role"

  for_each = {
    jobs = [
      module.tables.policies.jobs_service,
      module.buckets.policies.jobs_service,
      module.parameters.policies.jobs_service,
    ]
    preview = [
      module.tables.policies.preview_service,
      module.queue.policies.preview_service,
      module.buckets.policies.preview_service,
      module.parameters.policies.preview_service,
      data.aws_iam_policy_document.textract.json,
    ]

    # Its own, not preview's: what callers reach takes no pages from the queue, and what opens their files with nobody
    # watching reads no API keys.
    preview-worker = [
      module.tables.policies.preview_worker,
      module.queue.policies.preview_worker,
      module.buckets.policies.preview_service,
      module.parameters.policies.preview_worker,
      data.aws_iam_policy_document.textract.json,
    ]
    reconciler = [
      module.tables.policies.reconciler,
      module.buckets.policies.reconciler,
    ]

    # Of the agent that starts tasks, not of the code inside: pulls images, writes logs.
    execution = [data.aws_iam_policy_document.execution.json]
  }

  name     = "${local.prefix}-${each.key}"
  policies = each.value
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
