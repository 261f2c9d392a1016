mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  prefix              = "location-detection-dev"
  region              = "us-east-1"
  zone_count          = 3
  endpoint_zone_count = 1
  enable_nat          = false
  bucket_names        = ["location-detection-dev-blueprints"]
  table_arns          = ["arn:aws:dynamodb:us-east-1:123456789012:table/location-detection-dev-jobs"]
}

run "closed_but_for_what_is_named" {
  command = plan

  module {
    source = "./modules/network"
  }

  assert {
    condition     = length(aws_subnet.private) == 3 && length(distinct(aws_subnet.private[*].availability_zone)) == 3
    error_message = "There must be a private subnet in each of the zones."
  }

  assert {
    condition     = length(distinct(concat(aws_subnet.public[*].cidr_block, aws_subnet.private[*].cidr_block))) == 6
    error_message = "Subnets must not share addresses."
  }

  assert {
    condition     = !anytrue([for subnet in concat(aws_subnet.public, aws_subnet.private) : coalesce(subnet.map_public_ip_on_launch, false)])
    error_message = "Nothing may get a public address by itself."
  }

  assert {
    condition = toset([for key, rule in aws_vpc_security_group_ingress_rule.call : "${key} ${rule.from_port}-${rule.to_port}"]) == toset([
      "alb_to_jobs 8000-8000", "alb_to_preview 8000-8000", "jobs_to_preview 8000-8000", "preview_to_jobs 8000-8000",
      "worker_to_jobs 8000-8000",
    ])
    error_message = "Only the load balancer and the other service may call a service."
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.internet_to_alb : rule.from_port]) == toset([80, 443])
    error_message = "The internet may call the load balancer, on 80 and 443."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.task_to_gateway : rule.cidr_ipv4 == null])
    error_message = "Tasks may reach S3 and DynamoDB by prefix lists, and no addresses."
  }

  assert {
    condition     = length(aws_nat_gateway.internet) + length(aws_route.nat) + length(aws_vpc_security_group_egress_rule.jobs_to_internet) == 0
    error_message = "Without NAT there is no way out."
  }

  assert {
    condition = keys(aws_vpc_endpoint.interface) == ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs", "ssm", "textract"] && alltrue([
      for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && length(endpoint.subnet_ids) == 1
    ])
    error_message = "Each AWS service that is not S3 or DynamoDB has an endpoint, in as many zones as said."
  }
}

run "zones_without_an_endpoint_are_left_out" {
  command = plan

  module {
    source = "./modules/network"
  }

  override_data {
    target = data.aws_vpc_endpoint_service.interface["textract"]
    values = { availability_zones = ["us-east-1d", "us-east-1b", "us-east-1c"] }
  }

  assert {
    condition     = join(" ", aws_subnet.private[*].availability_zone) == "us-east-1b us-east-1c us-east-1d"
    error_message = "Where Textract cannot be reached nothing may run."
  }
}

run "nat_is_for_jobs_alone" {
  command = apply # of the mock: groups have ids only then

  module {
    source = "./modules/network"
  }

  variables {
    enable_nat = true
  }

  assert {
    condition     = length(aws_nat_gateway.internet) == 1 && aws_vpc_security_group_egress_rule.jobs_to_internet[0].security_group_id == aws_security_group.tasks["jobs"].id
    error_message = "With NAT jobs may reach the internet."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.jobs_to_internet[0].from_port == 443 && aws_vpc_security_group_egress_rule.jobs_to_internet[0].to_port == 443
    error_message = "URLs are fetched by HTTPS only."
  }
}

run "one_zone_is_refused" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    zone_count = 1
  }

  expect_failures = [var.zone_count]
}
