#!/usr/bin/env bash
# Tells those who wait how the deployment ended ($1, as GitHub says it): on the pull request that brought the commit
# to main, or on the tag's release.
set -euo pipefail
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID
case $1 in
    success) text="Deployed to $ENVIRONMENT: $run" ;;
    failure) text="**Not deployed to $ENVIRONMENT**; what ran before was put back where it could be: $run" ;;
    *) text="Not deployed to $ENVIRONMENT ($1): $run" ;;
esac
if [[ $GITHUB_REF_TYPE == tag ]]; then
    gh release view "$GITHUB_REF_NAME" >/dev/null 2>&1 ||
        gh release create "$GITHUB_REF_NAME" --verify-tag --generate-notes
    notes=$(gh release view "$GITHUB_REF_NAME" --json body --jq .body)
    gh release edit "$GITHUB_REF_NAME" --notes "$notes"$'\n\n'"$text"
else
    number=$(gh api "repos/$GITHUB_REPOSITORY/commits/$GITHUB_SHA/pulls" --jq '.[0].number // empty')
    [[ -z $number ]] || gh pr comment "$number" --body "$text"
fi
