# Stops floods and the commonplace attacks before they reach a service. It looks at a body's first 8 KB at most and lets
# the rest pass, whatever its size.

locals {
  # Three keys behind one address, each at its full rate of 600 a minute, for the five minutes counted here.
  requests_per_ip = 10000

  # Rules of AWS that refuse what this product is for, and why: they count what they would have refused.
  common_rules_only_counted = {
    SizeRestrictions_BODY   = "Refuses bodies over 8 KB; blueprints have up to 50 MB, and the services check the size."
    CrossSiteScripting_BODY = "Finds scripts in the bytes of images and PDF files."
    GenericLFI_BODY         = "Finds ../ in those bytes, and in file names that jobs makes safe itself."
    GenericRFI_BODY         = "Refuses URLs in bodies; a blueprint may be named by one, which jobs checks itself."
    EC2MetaDataSSRF_BODY    = "The same: jobs refuses addresses inside, with its own answer."
    NoUserAgent_HEADER      = "Programs call this API, and need not say which."
  }
  bad_inputs_only_counted = {
    JavaDeserializationRCE_BODY = "Looks for fragments of base64 in bodies, and a blueprint may come in base64; nothing here runs Java."
  }
}

resource "aws_wafv2_web_acl" "public" {
  name        = var.prefix
  description = "In front of the load balancer"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  custom_response_body {
    key          = "too-many-requests"
    content_type = "APPLICATION_JSON"
    content = jsonencode({
      status = "error"
      error = {
        code    = "RATE_LIMIT_EXCEEDED"
        message = "Too many requests came from this address. Wait a few minutes, and then send fewer."
        details = {}
      }
      meta = { request_id = null, api_version = "v1" }
    })
  }

  rule {
    name     = "rate-per-ip"
    priority = 10

    action {
      block {
        custom_response {
          response_code            = 429
          custom_response_body_key = "too-many-requests"

          response_header {
            name  = "Retry-After"
            value = "300"
          }
        }
      }
    }

    statement {
      rate_based_statement {
        limit                 = local.requests_per_ip
        evaluation_window_sec = 300
        aggregate_key_type    = "IP"
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "rate-per-ip"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "common"
    priority = 20

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesCommonRuleSet"

        dynamic "rule_action_override" {
          for_each = keys(local.common_rules_only_counted)

          content {
            name = rule_action_override.value

            action_to_use {
              count {}
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "common"
      sampled_requests_enabled   = true
    }
  }

  rule {
    name     = "known-bad-inputs"
    priority = 30

    override_action {
      none {}
    }

    statement {
      managed_rule_group_statement {
        vendor_name = "AWS"
        name        = "AWSManagedRulesKnownBadInputsRuleSet"

        dynamic "rule_action_override" {
          for_each = keys(local.bad_inputs_only_counted)

          content {
            name = rule_action_override.value

            action_to_use {
              count {}
            }
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "known-bad-inputs"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.prefix
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "public" {
  resource_arn = aws_lb.public.arn
  web_acl_arn  = aws_wafv2_web_acl.public.arn
}
