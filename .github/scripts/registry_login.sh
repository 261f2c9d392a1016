#!/usr/bin/env bash
# Logs Docker in to the account's registry and prints address=<its address>.
set -euo pipefail
account=$(aws sts get-caller-identity --query Account --output text)
address=$account.dkr.ecr.$AWS_REGION.amazonaws.com
aws ecr get-login-password | docker login --username AWS --password-stdin "$address" >&2
echo "address=$address"
