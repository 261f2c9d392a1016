#!/usr/bin/env bash
# Prints jobs=<image by digest> and preview=<image by digest> of commit $1, or fails where main has not built them.
set -euo pipefail
for service in jobs preview; do
    repository=location-detection-$service
    registry=$(aws ecr describe-repositories --repository-names "$repository" \
        --query 'repositories[0].repositoryUri' --output text)
    digest=$(aws ecr describe-images --repository-name "$repository" --image-ids "imageTag=$1" \
        --query 'imageDetails[0].imageDigest' --output text)
    echo "$service=$registry@$digest"
done
