#!/usr/bin/env bash
# Ends well once CI has passed commit $1 on main; waits while it runs. No other commit is deployed.
set -euo pipefail
commit=$1
verdict() {
    gh run list --workflow ci.yml --branch main --event push --commit "$commit" --limit 1 \
        --json status,conclusion --jq '.[] | if .status == "completed" then .conclusion else "running" end'
}
for attempt in {1..180}; do
    case $(verdict) in
        success) exit 0 ;;
        running) ;;
        # A push starts this and CI together; one may be seen before the other.
        "") ((attempt < 10)) || { echo "::error::CI has not run for $commit on main"; exit 1; } ;;
        *) echo "::error::CI has not passed $commit"; exit 1 ;;
    esac
    sleep "${PAUSE_SECONDS:-30}"
done
echo "::error::CI of $commit takes too long"
exit 1
