locals {
  cidr_block = "10.0.0.0/16"

  # Zones that have all we need; in some regions, us-east-1 for one, not every zone does. Fargate is where these are.
  zones = sort(setintersection([for service in data.aws_vpc_endpoint_service.interface : service.availability_zones]...))
}

resource "aws_vpc" "this" {
  cidr_block           = local.cidr_block
  enable_dns_support   = true
  enable_dns_hostnames = true # the interface endpoints answer under AWS's own names

  tags = { Name = var.prefix }
}

# Every VPC has this one, and what names no group gets it: without rules it allows nothing.
resource "aws_default_security_group" "unused" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-unused" }
}

resource "aws_subnet" "public" {
  count = var.zone_count

  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(local.cidr_block, 8, count.index)

  tags = { Name = "${var.prefix}-public-${count.index}" }

  lifecycle {
    # A subnet cannot move: when AWS offers more zones, those that were chosen stay.
    ignore_changes = [availability_zone]
  }
}

resource "aws_subnet" "private" {
  count = var.zone_count

  vpc_id            = aws_vpc.this.id
  availability_zone = local.zones[count.index]
  cidr_block        = cidrsubnet(local.cidr_block, 4, count.index + 1) # 4,000 addresses: each task takes one

  tags = { Name = "${var.prefix}-private-${count.index}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = var.prefix }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.public.id
}

resource "aws_route_table_association" "public" {
  count = var.zone_count

  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-private" }
}

resource "aws_route_table_association" "private" {
  count = var.zone_count

  subnet_id      = aws_subnet.private[count.index].id
  route_table_id = aws_route_table.private.id
}

# One for all zones: with its zone only the fetching of URLs is lost.

resource "aws_eip" "nat" {
  count = var.enable_nat ? 1 : 0

  domain = "vpc"

  tags = { Name = "${var.prefix}-nat" }
}

resource "aws_nat_gateway" "internet" {
  count = var.enable_nat ? 1 : 0

  allocation_id = aws_eip.nat[0].id
  subnet_id     = aws_subnet.public[0].id

  tags = { Name = var.prefix }

  depends_on = [aws_internet_gateway.public]
}

resource "aws_route" "nat" {
  count = var.enable_nat ? 1 : 0

  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.internet[0].id
}
