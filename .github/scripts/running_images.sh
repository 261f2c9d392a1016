#!/usr/bin/env bash
# Prints jobs=<image> and preview=<image> as $CLUSTER runs them now; nothing before the first deployment.
set -euo pipefail
clusters=$(aws ecs describe-clusters --clusters "$CLUSTER" --output text \
    --query "clusters[?status=='ACTIVE'].clusterName")
[[ -n $clusters ]] || exit 0
services=$(aws ecs describe-services --cluster "$CLUSTER" --services jobs preview --output text \
    --query "services[?status=='ACTIVE'].[serviceName,taskDefinition]")
[[ -n $services ]] || exit 0
while read -r service definition; do
    image=$(aws ecs describe-task-definition --task-definition "$definition" --output text \
        --query "taskDefinition.containerDefinitions[?name=='$service'].image")
    echo "$service=$image"
done <<<"$services"
