.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := shared services/jobs services/preview client docker/local_aws
SOURCES := $(addsuffix /src,$(PACKAGES))
EDITABLE := $(patsubst client,client[mcp],$(PACKAGES:%=-e %))
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --constraint constraints.txt

# The embedded AWS pins other versions than we do.
MINISTACK := $(VENV)/ministack
MINISTACK_PIP := $(MINISTACK)/bin/pip --disable-pip-version-check install --quiet

# Tools that pin other versions than we do, or that few need, live in environments of their own.
CHECKOV := $(VENV)/checkov/installed-3.3.30
# Terraform calls it, as it would an operator's; the one that comes as a package.
AWS_CLI := $(VENV)/awscli/installed-1.45.11
TYPESCRIPT := $(VENV)/typescript/node_modules/.package-lock.json
PIP_AUDIT := $(VENV)/pip-audit/installed-2.10.1
DETECT_SECRETS := $(VENV)/detect-secrets/installed-1.5.0

# Hashes are what this product deals in, and settings name their secrets; the rest is made up for tests.
NO_SECRETS := --disable-plugin HexHighEntropyString --disable-plugin KeywordDetector \
  --exclude-secrets '0123456789abc|^secret$$' --exclude-files '^docker/requirements/|/swagger-ui|/package-lock.json'

# Where Terraform finds its provider instead of the registry, if anywhere: terraform init -plugin-dir
export TF_PLUGIN_DIR

.PHONY: help run demo test fuzz chaos soak lint format audit secrets bench bench-rooms bench-measures tf-check tf-apply-local test-stack openapi images lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/.installed ## Start everything on this machine: embedded AWS, both services, one port
	@exec $(BIN)/python -m local_aws

demo: $(VENV)/.installed ## While it runs: find the rooms of a plan, print them, write them and a picture to demo/
	@rm -rf demo && LOCATION_DETECTION_URL=$$($(BIN)/python -m local_aws.find_run) LOCATION_DETECTION_KEY=local-dev-key \
	  $(BIN)/location-detection detect $(or $(PLAN),tests/data/plans/house_12_rooms.png) --rooms --format csv,png -o demo

test: $(VENV)/.tested $(TYPESCRIPT) ## Run every test but those of what terraform/ makes; only some: ARGS=tests/unit/jobs
	$(BIN)/python -m pytest $(if $(filter tests/%,$(ARGS)),,-n 2 --cov --cov-report=) $(ARGS)

fuzz: $(VENV)/.tested ## Fuzz file readers and API for longer than `make test` does: ARGS="--seed 7 --mutants 9000 --minutes 9"
	$(BIN)/python tests/fuzz.py $(ARGS)

chaos: $(VENV)/.tested ## Kill workers at every step, and race for jobs by the thousand; about two hours
	CHAOS=1 $(BIN)/python -m pytest -s tests/e2e/test_kill_points.py tests/e2e/test_kill_pages.py \
		tests/e2e/test_dying_workers.py tests/integration/jobs/test_job_states.py $(ARGS)

soak: $(VENV)/.tested ## Keep a steady mixed load for half an hour; print errors, latencies, memory: ARGS="--minutes 5"
	$(BIN)/python tests/soak.py $(ARGS)

lint: $(VENV)/.tested ## Check style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(SOURCES)

format: $(VENV)/.tested ## Put the code into the house's format
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

audit: $(PIP_AUDIT) ## Look for known weaknesses in what is installed; asks PyPI
	$(VENV)/pip-audit/bin/pip-audit --strict --disable-pip --no-deps -r constraints.txt -r docker/local_aws/ministack.txt

secrets: $(DETECT_SECRETS) ## Look for secrets in the files of the repository
	@git ls-files -z | xargs -0 $(VENV)/detect-secrets/bin/detect-secrets-hook $(NO_SECRETS)

bench: $(VENV)/.tested ## Measure the figures of the product on its own stack; asserts nothing
	$(BIN)/python tests/benchmarks/bench.py $(ARGS)

bench-rooms: $(VENV)/.tested ## Score room detection against the figures kept last: PLANS=folder [SETS=a,b] [ARGS=...]
	@test -n "$(PLANS)" || { echo "make bench-rooms PLANS=<folder of plan sets> [SETS=a,b] [ARGS=--help]"; exit 2; }
	$(BIN)/python tests/benchmarks/rooms/bench_rooms.py --plans $(PLANS) $(if $(SETS),--sets $(SETS)) $(ARGS)

bench-measures: $(VENV)/.tested ## Compare scales with sizes and areas held back: PLANS=folder [SETS=a,b] [ARGS=...]
	@test -n "$(PLANS)" || { echo "make bench-measures PLANS=<folder of plan sets> [SETS=a,b]"; exit 2; }
	$(BIN)/python tests/benchmarks/rooms/bench_measures.py --plans $(PLANS) $(if $(SETS),--sets $(SETS)) $(ARGS)

tf-check: $(VENV)/.tested $(CHECKOV) ## Check terraform/: format, validity, plans of both workspaces, security
	@PYTHONPATH=tests $(BIN)/python -m stack.check $(VENV)/checkov/bin/checkov

tf-apply-local: $(VENV)/.tested $(AWS_CLI) ## Apply dev, then prod, to an emulated AWS; plan again, and destroy both
	@PYTHONPATH=tests $(BIN)/python -m stack.apply_locally

test-stack: tf-check $(AWS_CLI) ## Test what terraform/ makes: apply it, run the services on it, try their permissions
	$(BIN)/python -m pytest tests/stack -rs $(ARGS)

openapi: $(VENV)/.installed ## Write the OpenAPI documents from the code
	$(BIN)/python docs/openapi/generate.py

images: ## Build the images of both services and of the local AWS; needs Docker
	docker compose -f docker/compose.yml build

lock: ## Pin the newest versions of everything, here and for the images
	rm -rf $(VENV)/lock && $(PYTHON) -m venv $(VENV)/lock
	$(VENV)/lock/bin/pip install --quiet $(EDITABLE) -r tests/requirements.txt
	$(VENV)/lock/bin/pip freeze --exclude-editable > constraints.txt
	rm -rf $(VENV)/lock
	docker/requirements/lock.sh

clean: ## Remove what was installed and built; the local state in .local stays
	rm -rf $(VENV) .coverage* .mypy_cache .pytest_cache .ruff_cache

$(VENV)/.installed: constraints.txt docker/local_aws/ministack.txt $(addsuffix /pyproject.toml,$(PACKAGES))
	@echo "installing into $(VENV) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) $(EDITABLE)
	@test -x $(MINISTACK)/bin/python || $(PYTHON) -m venv $(MINISTACK)
	@$(MINISTACK_PIP) -r docker/local_aws/ministack.txt
	@$(MINISTACK_PIP) --no-deps -e docker/local_aws
	@touch $@

$(VENV)/.tested: $(VENV)/.installed tests/requirements.txt
	@$(PIP) -r tests/requirements.txt
	@touch $@

# Without npm its test is skipped, which it says.
$(TYPESCRIPT): tests/integration/openapi_clients/package-lock.json
	@mkdir -p $(VENV)/typescript && cp $(<D)/package.json $(<D)/package-lock.json $(VENV)/typescript
	@! command -v npm > /dev/null || npm --prefix $(VENV)/typescript ci --silent --no-audit --no-fund

$(CHECKOV) $(AWS_CLI) $(PIP_AUDIT) $(DETECT_SECRETS): installed = $(notdir $(@D))==$(@F:installed-%=%)
$(CHECKOV) $(AWS_CLI) $(PIP_AUDIT) $(DETECT_SECRETS):
	@echo "installing $(installed) into $(@D) ..."
	@rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	@$(@D)/bin/pip --disable-pip-version-check install --quiet $(installed)
	@touch $@
