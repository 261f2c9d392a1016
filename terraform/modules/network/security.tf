# Which tasks may open a connection to which. Everything else is refused.

locals {
  port  = 8000
  tasks = ["jobs", "preview", "preview-worker", "reconciler"]

  connections = {
    alb_to_jobs     = { from = "alb", to = "jobs" }
    alb_to_preview  = { from = "alb", to = "preview" }
    jobs_to_preview = { from = "jobs", to = "preview" }
    preview_to_jobs = { from = "preview", to = "jobs" }
    worker_to_jobs  = { from = "preview-worker", to = "jobs" }
  }
  gateways = {
    s3       = aws_vpc_endpoint.s3.prefix_list_id
    dynamodb = aws_vpc_endpoint.dynamodb.prefix_list_id
  }
  groups = merge({ alb = aws_security_group.alb.id }, { for name, group in aws_security_group.tasks : name => group.id })
}

resource "aws_security_group" "alb" {
  name        = "${var.prefix}-alb"
  description = "The load balancer"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.prefix}-alb" }
}

resource "aws_security_group" "tasks" {
  for_each = toset(local.tasks)

  name        = "${var.prefix}-${each.key}"
  description = "Tasks of ${each.key}"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_security_group" "endpoints" {
  name        = "${var.prefix}-endpoints"
  description = "The interface endpoints of AWS services"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.prefix}-endpoints" }
}

# Port 80 only redirects to HTTPS.
resource "aws_vpc_security_group_ingress_rule" "internet_to_alb" {
  # checkov:skip=CKV_AWS_260:Port 80 answers with where the HTTPS port is, and nothing else.
  for_each = toset(["80", "443"])

  security_group_id = aws_security_group.alb.id
  description       = "Anybody"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.key)
  to_port           = tonumber(each.key)
}

resource "aws_vpc_security_group_egress_rule" "call" {
  for_each = local.connections

  security_group_id            = local.groups[each.value.from]
  description                  = "To ${each.value.to}"
  referenced_security_group_id = local.groups[each.value.to]
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_ingress_rule" "call" {
  for_each = local.connections

  security_group_id            = local.groups[each.value.to]
  description                  = "From ${each.value.from}"
  referenced_security_group_id = local.groups[each.value.from]
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "task_to_endpoints" {
  for_each = toset(local.tasks)

  security_group_id            = aws_security_group.tasks[each.key].id
  description                  = "To AWS services"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_ingress_rule" "task_to_endpoints" {
  for_each = toset(local.tasks)

  security_group_id            = aws_security_group.endpoints.id
  description                  = "From ${each.key}"
  referenced_security_group_id = aws_security_group.tasks[each.key].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "task_to_gateway" {
  for_each = { for pair in setproduct(local.tasks, keys(local.gateways)) : "${pair[0]}_to_${pair[1]}" => pair }

  security_group_id = aws_security_group.tasks[each.value[0]].id
  description       = "To ${each.value[1]}"
  prefix_list_id    = local.gateways[each.value[1]]
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "jobs_to_internet" {
  count = var.enable_nat ? 1 : 0

  security_group_id = aws_security_group.tasks["jobs"].id
  description       = "To fetch blueprints by URL"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
