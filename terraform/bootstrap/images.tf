# One repository per service, for all environments: prod runs the very image that dev ran.
resource "aws_ecr_repository" "service" {
  for_each = toset(["jobs", "preview"])

  name                 = "${local.project}-${each.key}"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

# Main pushes one image a commit, and prod must find the image of any release it may roll back to: with ten commits a
# working day, 500 images are ten weeks.
resource "aws_ecr_lifecycle_policy" "service" {
  for_each = aws_ecr_repository.service

  repository = each.value.name
  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images without a tag, which nothing deploys, go after a day"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 1 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest 500 images stay"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 500 }
        action       = { type = "expire" }
      },
    ]
  })
}
