#!/usr/bin/env bash
# Readies terraform/ for $ENVIRONMENT, with its state in $STATE_BUCKET.
set -euo pipefail
cd terraform
terraform init -input=false -backend-config="bucket=$STATE_BUCKET" -backend-config="region=$AWS_REGION" \
    -backend-config=key=location-detection/terraform.tfstate
terraform workspace select -or-create "$ENVIRONMENT"
