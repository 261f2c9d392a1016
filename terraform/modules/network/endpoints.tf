# VPC endpoints: tasks reach AWS without the internet.

data "aws_vpc_endpoint_service" "interface" {
  for_each = toset(["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sqs", "ssm", "textract"])

  service      = each.key
  service_type = "Interface"
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = data.aws_iam_policy_document.s3_endpoint.json

  tags = { Name = "${var.prefix}-s3" }
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.dynamodb"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = data.aws_iam_policy_document.dynamodb_endpoint.json

  tags = { Name = "${var.prefix}-dynamodb" }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = data.aws_vpc_endpoint_service.interface

  vpc_id              = aws_vpc.this.id
  service_name        = each.value.service_name
  vpc_endpoint_type   = "Interface"
  subnet_ids          = slice(aws_subnet.private[*].id, 0, var.endpoint_zone_count)
  security_group_ids  = [aws_security_group.endpoints.id]
  private_dns_enabled = true

  tags = { Name = "${var.prefix}-${each.key}" }
}

# Endpoint policies limit what can be reached at all, whoever's credentials are used: data cannot be carried off to another
# account's bucket. What a task may do is in its role.

data "aws_iam_policy_document" "s3_endpoint" {
  statement {
    sid       = "OurBuckets"
    actions   = ["s3:*"]
    resources = flatten([for name in var.bucket_names : ["arn:aws:s3:::${name}", "arn:aws:s3:::${name}/*"]])

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  statement {
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html#ecr-minimum-s3-perms
    sid       = "LayersOfImages"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::prod-${var.region}-starport-layer-bucket/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

data "aws_iam_policy_document" "dynamodb_endpoint" {
  statement {
    sid       = "OurTables"
    actions   = ["dynamodb:*"]
    resources = flatten([for arn in var.table_arns : [arn, "${arn}/index/*"]])

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
