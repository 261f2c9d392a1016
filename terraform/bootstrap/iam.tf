# IAM statements of each workflow's role. They end at names that begin with location-detection-{env}; resources without a
# name are limited by the tag `environment`. No workflow reads a blueprint, a table's items or a log.
#
# Whoever may write the policies of the tasks' roles can give a task any permission: applying this stack means that. So
# GitHub decides who may deploy, by who merges to main and who approves the environment prod.

locals {
  regional = "${local.region}:${local.account_id}"

  push_images = [
    {
      Sid      = "LogInToRegistry"
      Effect   = "Allow"
      Action   = ["ecr:GetAuthorizationToken"]
      Resource = ["*"] # belongs to the account, not to a repository
    },
    {
      Sid    = "PushImages"
      Effect = "Allow"
      Action = [
        "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
        "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
      ]
      Resource = [for repository in aws_ecr_repository.service : repository.arn]
    },
  ]

  read_images = [
    {
      Sid      = "DescribeImages"
      Effect   = "Allow"
      Action   = ["ecr:DescribeImages"]
      Resource = [for repository in aws_ecr_repository.service : repository.arn]
    },
  ]

  read_state = [
    {
      Sid      = "ListState"
      Effect   = "Allow"
      Action   = ["s3:ListBucket"]
      Resource = [aws_s3_bucket.state.arn]
    },
    {
      Sid      = "ReadState" # no state holds a secret
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = ["${aws_s3_bucket.state.arn}/*"]
    },
  ]

  # What Terraform asks for when it refreshes.
  read_configuration = [
    {
      Sid    = "ReadConfiguration"
      Effect = "Allow"
      Action = [
        "application-autoscaling:Describe*", "application-autoscaling:ListTagsForResource",
        "budgets:ListTagsForResource", "budgets:ViewBudget",
        "cloudwatch:DescribeAlarms", "cloudwatch:GetDashboard", "cloudwatch:ListTagsForResource",
        "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTable", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource",
        "ec2:Describe*",
        "ecs:Describe*",
        "elasticloadbalancing:Describe*",
        "events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule",
        "iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies",
        "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListResourceTags",
        "logs:DescribeLogGroups", "logs:ListTagsForResource",
        "scheduler:GetSchedule",
        "secretsmanager:DescribeSecret", "secretsmanager:GetResourcePolicy",
        "servicediscovery:GetNamespace", "servicediscovery:GetOperation", "servicediscovery:ListTagsForResource",
        "sns:GetSubscriptionAttributes", "sns:GetTopicAttributes", "sns:ListTagsForResource",
        "sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:ListQueueTags",
        "ssm:DescribeParameters", "ssm:ListTagsForResource",
        "wafv2:GetWebACL", "wafv2:GetWebACLForResource", "wafv2:ListTagsForResource",
      ]
      Resource = ["*"] # tells how things are set up, not what is in them
    },
    {
      Sid    = "ReadBuckets"
      Effect = "Allow"
      Action = [
        "s3:GetAccelerateConfiguration", "s3:GetBucket*", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
        "s3:GetReplicationConfiguration", "s3:ListBucket",
      ]
      Resource = ["arn:${local.partition}:s3:::${local.project}-*"]
    },
    {
      Sid      = "ReadParameters"
      Effect   = "Allow"
      Action   = ["ssm:GetParameter"]
      Resource = ["arn:${local.partition}:ssm:${local.regional}:parameter/${local.project}/*"]
    },
  ]

  # The provider reads a secret's version to see that it is there: digests of API keys, and the token that works only
  # inside the network.
  read_secrets = [
    {
      Sid      = "ReadSecrets"
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = ["arn:${local.partition}:secretsmanager:${local.regional}:secret:${local.project}/*"]
    },
  ]

  apply = { for environment in local.environments : environment => [
    {
      Sid      = "WriteState"
      Effect   = "Allow"
      Action   = ["s3:PutObject"]
      Resource = ["${aws_s3_bucket.state.arn}/env:/${environment}/*"]
    },
    {
      Sid      = "UnlockState"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject"]
      Resource = ["${aws_s3_bucket.state.arn}/env:/${environment}/*.tflock"]
    },
    {
      Sid    = "ManageTables"
      Effect = "Allow"
      Action = [
        "dynamodb:CreateTable", "dynamodb:DeleteTable", "dynamodb:TagResource", "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTable", "dynamodb:UpdateTimeToLive",
      ]
      Resource = ["arn:${local.partition}:dynamodb:${local.regional}:table/${local.project}-${environment}-*"]
    },
    {
      Sid      = "ManageQueues"
      Effect   = "Allow"
      Action   = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"]
      Resource = ["arn:${local.partition}:sqs:${local.regional}:${local.project}-${environment}-*"]
    },
    {
      Sid    = "ManageBuckets"
      Effect = "Allow"
      Action = [
        "s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:PutBucket*", "s3:PutEncryptionConfiguration",
        "s3:PutLifecycleConfiguration",
      ]
      Resource = ["arn:${local.partition}:s3:::${local.project}-${environment}-*"]
    },
    {
      Sid    = "ManageParametersAndSecrets"
      Effect = "Allow"
      Action = [
        "secretsmanager:CreateSecret", "secretsmanager:DeleteSecret", "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue", "secretsmanager:TagResource", "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret", "secretsmanager:UpdateSecretVersionStage",
        "ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter", "ssm:RemoveTagsFromResource",
      ]
      Resource = [
        "arn:${local.partition}:secretsmanager:${local.regional}:secret:${local.project}/${environment}/*",
        "arn:${local.partition}:ssm:${local.regional}:parameter/${local.project}/${environment}/*",
      ]
    },
    {
      Sid    = "ManageRoles"
      Effect = "Allow"
      Action = [
        "iam:CreateRole", "iam:DeleteRole", "iam:DeleteRolePolicy", "iam:ListInstanceProfilesForRole", "iam:PutRolePolicy",
        "iam:TagRole", "iam:UntagRole", "iam:UpdateAssumeRolePolicy", "iam:UpdateRole",
      ]
      Resource = ["arn:${local.partition}:iam::${local.account_id}:role/${local.project}-${environment}-*"]
    },
    {
      Sid       = "PassRoles"
      Effect    = "Allow"
      Action    = ["iam:PassRole"]
      Resource  = ["arn:${local.partition}:iam::${local.account_id}:role/${local.project}-${environment}-*"]
      Condition = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com", "scheduler.amazonaws.com"] } }
    },
    {
      Sid      = "CreateServiceLinkedRoles" # the first of each in an account
      Effect   = "Allow"
      Action   = ["iam:CreateServiceLinkedRole"]
      Resource = ["arn:${local.partition}:iam::${local.account_id}:role/aws-service-role/*"]
      Condition = { StringEquals = { "iam:AWSServiceName" = [
        "ecs.amazonaws.com", "ecs.application-autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com",
      ] } }
    },
    {
      # None of these services gives access to data, so every resource named after the environment may be managed.
      Sid    = "ManageNamedResources"
      Effect = "Allow"
      Action = [
        "budgets:*", "cloudwatch:*", "ecs:*", "elasticloadbalancing:*", "events:*", "scheduler:*", "sns:*", "wafv2:*",
        "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:DeleteRetentionPolicy", "logs:PutRetentionPolicy",
        "logs:TagResource", "logs:UntagResource",
      ]
      Resource = [
        "arn:${local.partition}:budgets::${local.account_id}:budget/${local.project}-${environment}-*",
        "arn:${local.partition}:cloudwatch:${local.regional}:alarm:${local.project}-${environment}-*",
        "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/${local.project}-${environment}*",
        "arn:${local.partition}:ecs:${local.regional}:cluster/${local.project}-${environment}",
        "arn:${local.partition}:ecs:${local.regional}:service/${local.project}-${environment}/*",
        "arn:${local.partition}:ecs:${local.regional}:task-definition/${local.project}-${environment}-*",
        "arn:${local.partition}:elasticloadbalancing:${local.regional}:*/app/${local.project}-${environment}/*",
        "arn:${local.partition}:elasticloadbalancing:${local.regional}:targetgroup/${local.project}-${environment}-*",
        "arn:${local.partition}:events:${local.regional}:rule/${local.project}-${environment}-*",
        "arn:${local.partition}:logs:${local.regional}:log-group:/${local.project}/${environment}/*",
        "arn:${local.partition}:scheduler:${local.regional}:schedule/default/${local.project}-${environment}-*",
        "arn:${local.partition}:sns:${local.regional}:${local.project}-${environment}-*",
        "arn:${local.partition}:wafv2:${local.regional}:regional/webacl/${local.project}-${environment}/*",
        "arn:${local.partition}:wafv2:${local.regional}:regional/managedruleset/*",
      ]
    },
    {
      # Every resource of an environment has its default_tags. IfExists: a resource that is being created has no tag yet,
      # and the default security group of a network never has one.
      Sid    = "ManageTaggedResources"
      Effect = "Allow"
      Action = [
        "ec2:AllocateAddress", "ec2:AssociateRouteTable", "ec2:AttachInternetGateway", "ec2:AuthorizeSecurityGroup*",
        "ec2:CreateInternetGateway", "ec2:CreateNatGateway", "ec2:CreateRoute", "ec2:CreateRouteTable",
        "ec2:CreateSecurityGroup", "ec2:CreateSubnet", "ec2:CreateTags", "ec2:CreateVpc", "ec2:CreateVpcEndpoint",
        "ec2:DeleteInternetGateway", "ec2:DeleteNatGateway", "ec2:DeleteRoute", "ec2:DeleteRouteTable",
        "ec2:DeleteSecurityGroup", "ec2:DeleteSubnet", "ec2:DeleteTags", "ec2:DeleteVpc", "ec2:DeleteVpcEndpoints",
        "ec2:DetachInternetGateway", "ec2:DisassociateAddress", "ec2:DisassociateRouteTable",
        "ec2:ModifySecurityGroupRules", "ec2:ModifySubnetAttribute", "ec2:ModifyVpcAttribute", "ec2:ModifyVpcEndpoint",
        "ec2:ReleaseAddress", "ec2:ReplaceRoute", "ec2:ReplaceRouteTableAssociation", "ec2:RevokeSecurityGroup*",
        "application-autoscaling:DeleteScalingPolicy", "application-autoscaling:DeregisterScalableTarget",
        "application-autoscaling:PutScalingPolicy", "application-autoscaling:RegisterScalableTarget",
        "application-autoscaling:TagResource", "application-autoscaling:UntagResource",
        "ecs:DeregisterTaskDefinition",
        "kms:CreateAlias", "kms:CreateKey", "kms:DeleteAlias", "kms:EnableKeyRotation", "kms:PutKeyPolicy",
        "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription",
        "servicediscovery:CreateHttpNamespace", "servicediscovery:DeleteNamespace", "servicediscovery:TagResource",
        "servicediscovery:UntagResource", "servicediscovery:UpdateHttpNamespace",
      ]
      Resource = ["*"]
      Condition = {
        StringEqualsIfExists = { "aws:ResourceTag/environment" = environment }
        StringEquals         = { "aws:RequestedRegion" = local.region }
      }
    },
    {
      Sid      = "AssociateEndpointDns" # in a zone of AWS's own
      Effect   = "Allow"
      Action   = ["route53:AssociateVPCWithHostedZone"]
      Resource = ["*"]
    },
  ] }
}
