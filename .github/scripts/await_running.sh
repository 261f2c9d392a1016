#!/usr/bin/env bash
# Waits until $CLUSTER is calm, and fails unless it runs image $1 as jobs and $2 as preview: where new tasks do not
# start, ECS goes back to the old ones and is calm as well.
set -euo pipefail
calm() { aws ecs wait services-stable --cluster "$CLUSTER" --services jobs preview preview-worker; }
calm || calm # each gives up after ten minutes; draining alone may take five
diff <(printf 'jobs=%s\npreview=%s\n' "$1" "$2") <("$(dirname "$0")/running_images.sh" | sort)
