# `make run` checks this repository's own stack, `make test` runs every test; both set everything up first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
CHECKOV := .checkov/.installed
UV := PYTHON="$(PYTHON)" .ci/uv
# What mkdocs-material tells of its successor has no place in a build.
MKDOCS := NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs
LOCKS := requirements/run.txt requirements/dev.txt
LAYER := lambdas/layer/python/requirements.txt

.PHONY: help setup layer run demo test lint format docs docs-serve screenshot lock bench clean

help: ## Show the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) $(CHECKOV) ## Make .venv with everything in it, and .checkov with checkov.

$(STAMP): $(LOCKS) pyproject.toml .ci/uv
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" $(VENV)
	VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# checkov is kept apart: it pins boto3 far back, and brings another module hcl2 than python-hcl2.
$(CHECKOV): requirements/checkov.txt .ci/uv
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" .checkov
	VIRTUAL_ENV=.checkov $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/checkov.txt
	@touch $@

layer: $(LAYER) ## Fill lambdas/layer with the libraries of the functions, as requirements/layer.txt locks them.

$(LAYER): requirements/layer.txt tools/build_layer.py .ci/uv
	$(PYTHON) tools/build_layer.py

run: $(STAMP) $(CHECKOV) $(LAYER) ## Plan dev, staging and prod of this stack, and prove their parity and policies.
	$(BIN)/paritycheck run

demo: $(STAMP) $(LAYER) ## Run the stack's order pipeline on this machine, and watch it.
	.ci/servers
	$(BIN)/python -m tests.pipeline

test: $(STAMP) $(CHECKOV) $(LAYER) ## Run every test.
	.ci/servers browser
	$(BIN)/pytest --numprocesses 2

lint: $(STAMP) ## Check format, types and style, the workflows, the action and the hooks, and the links of the docs.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/yamllint --strict .
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	$(BIN)/pre-commit validate-manifest .pre-commit-hooks.yaml
	$(BIN)/pre-commit validate-config .pre-commit-config.yaml
	$(BIN)/zizmor --quiet --no-progress --offline --persona pedantic .
	$(MKDOCS) build --strict --quiet

format: $(STAMP) ## Format the code and apply the fixes that are safe.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP) ## Make a site of docs/ in build/site.
	$(MKDOCS) build --strict

docs-serve: $(STAMP) ## Show that site in a browser, with every change.
	$(MKDOCS) serve --livereload

screenshot: $(STAMP) $(CHECKOV) ## Draw the terminal of the README anew.
	$(BIN)/python -m tools.record_terminal

bench: $(STAMP) $(CHECKOV) $(LAYER) ## Print the benchmarks' ratios.
	.ci/servers
	$(BIN)/python -m benchmarks

lock: ## Lock the dependencies, with hashes, to their newest versions.
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  pyproject.toml --group dev --constraint requirements/run.txt requirements/build.in -o requirements/dev.txt
	$(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  requirements/checkov.in -o requirements/checkov.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --constraint requirements/dev.txt requirements/build.in -o requirements/build.txt
	cp requirements/checkov.txt paritycheck/policy/checkov/requirements.txt
	$(UV) pip compile --quiet --upgrade --python-version 3.12 --python-platform x86_64-manylinux_2_28 --only-binary :all: \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header requirements/layer.in -o requirements/layer.txt

clean: ## Remove what the other targets made.
	rm -rf $(VENV) .checkov .tools lambdas/layer dist build reports .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
