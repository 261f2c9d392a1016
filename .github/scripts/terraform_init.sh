#!/usr/bin/env bash
# Readies terraform/ for $ENVIRONMENT, with its state in $STATE_BUCKET. The first apply of an environment, which makes
# its workspace, is a person's: there is no API key yet that a deployment could be tried with.
set -euo pipefail
cd terraform
terraform init -input=false -backend-config="bucket=$STATE_BUCKET" -backend-config="region=$AWS_REGION" \
    -backend-config=key=location-detection/terraform.tfstate
terraform workspace select "$ENVIRONMENT"
