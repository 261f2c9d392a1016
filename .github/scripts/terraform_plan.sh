#!/usr/bin/env bash
# Plans $ENVIRONMENT with the images in TF_VAR_jobs_image and TF_VAR_preview_image and the variables in $TFVARS.
# Writes terraform/tfplan for the apply, and plan.txt and the job's summary for people.
set -euo pipefail
"$(dirname "$0")/terraform_init.sh"
cd terraform
printf '%s\n' "$TFVARS" >deployment.auto.tfvars
# This role may not write the lock. Should the state change before the apply, Terraform refuses the plan.
terraform plan -input=false -lock=false -out=tfplan
terraform show -no-color tfplan >plan.txt
# A plan that changes outputs only has neither line, and is a plan all the same.
{
    echo "### Plan for $ENVIRONMENT: $(grep -E '^(Plan:|No changes)' plan.txt || true)"
    echo '```'
    head -c 500000 plan.txt # a summary holds 1 MiB
    echo '```'
} >>"$GITHUB_STEP_SUMMARY"
