#!/usr/bin/env bash
# Prints jobs=<image by digest> and preview=<image by digest> of commit $1, or fails where main has not built them.
set -euo pipefail
for service in jobs preview; do
    found=$(aws ecr describe-images --repository-name "location-detection-$service" --image-ids "imageTag=$1" \
        --query 'imageDetails[0].[registryId,imageDigest]' --output text)
    read -r registry digest <<<"$found"
    echo "$service=$registry.dkr.ecr.$AWS_REGION.amazonaws.com/location-detection-$service@$digest"
done
