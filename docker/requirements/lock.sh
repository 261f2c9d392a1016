#!/usr/bin/env bash
# Writes {jobs,preview}.txt: what each service's image installs, at the versions of constraints.txt, each file by its
# hash. The hashes stand here and not in constraints.txt, because pip refuses editable installs beside hashes.
set -euo pipefail
cd "$(dirname "$0")"
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
"${PYTHON:-python3.11}" -m venv "$scratch"
"$scratch/bin/pip" install --quiet uv
for service in jobs preview; do
    printf '../../shared\n../../services/%s\n' "$service" | "$scratch/bin/uv" pip compile - \
        --quiet --generate-hashes --no-annotate --custom-compile-command docker/requirements/lock.sh \
        --python-version 3.11 --python-platform linux --constraint ../../constraints.txt \
        --no-emit-package location-detection-shared --no-emit-package "location-detection-$service" \
        --output-file "$service.txt"
done
