# `make run` checks this repository's own stack, `make test` runs every test; both set everything up first.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
UV := PYTHON="$(PYTHON)" .ci/uv
LOCKS := requirements/run.txt requirements/dev.txt

.PHONY: help setup run test lint format lock bench clean

help: ## Show the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv with everything in it.

$(STAMP): $(LOCKS) pyproject.toml .ci/uv
	$(UV) venv --quiet --allow-existing --python "$(PYTHON)" $(VENV)
	VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

run: $(STAMP) ## Plan dev, staging and prod of this stack and prove their parity.
	$(BIN)/paritycheck run

test: $(STAMP) ## Run every test.
	$(BIN)/pytest --numprocesses 2

lint: $(STAMP) ## Check format, types and style.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/typos
	$(BIN)/yamllint --strict .

format: $(STAMP) ## Format the code and apply the fixes that are safe.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Print the benchmarks' ratios.
	$(BIN)/python -m benchmarks

lock: ## Lock the dependencies, with hashes, to their newest versions.
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  pyproject.toml -o requirements/run.txt
	$(UV) pip compile --quiet --upgrade --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  pyproject.toml --group dev --constraint requirements/run.txt requirements/build.in -o requirements/dev.txt

clean: ## Remove what the other targets made.
	rm -rf $(VENV) .tools dist build reports .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
