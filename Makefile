# `make help` lists what there is. Everything is kept inside this folder: .venv/ (Python packages), var/ (data).
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
WORKERS ?= 2
RUN_READY := .venv/.ready-to-run
TEST_READY := .venv/.ready-to-test
export PYTHON

.PHONY: help run test test-fast test-browser test-killed check lint format coverage bench desks lock migration translations clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_READY) ## Start Isthmus with demonstration data on this machine
	@export ISTHMUS_HOME=$${ISTHMUS_HOME:-$(CURDIR)/var}
	$(BIN)/isthmus migrate
	$(BIN)/isthmus seed-demo
	exec $(BIN)/isthmus run

test: $(TEST_READY) ## Run all tests of what it does; as root on Debian or Ubuntu installs a browser and servers they use
	@scripts/system-packages
	$(PYTEST) --ignore=tests/browser --ignore=tests/architecture --numprocesses=$(WORKERS) --dist=worksteal
	$(MAKE) test-browser

test-browser: $(TEST_READY) ## Run the tests in a real browser
	@$(PYTEST) tests/browser --numprocesses=$(WORKERS) || [ $$? = 5 ]

test-killed: $(TEST_READY) ## Kill the worker during a hundred hand-overs to each real desk; takes minutes for each
	@ISTHMUS_TEST_DESKS=1 $(PYTEST) tests/bridge/handovers/test_killed.py --numprocesses=$(WORKERS)

test-fast: $(TEST_READY) ## Run the tests on SQLite only, without a browser
	@$(PYTEST) --ignore=tests/browser --numprocesses=$(WORKERS) --database=sqlite

check: $(TEST_READY) ## Style, types, layers, sizes, routes, templates, translations
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet . || { echo "run: make format"; exit 1; }
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) tests/architecture --quiet

lint: $(TEST_READY) ## Only the linter, the quickest check
	@$(BIN)/ruff check .

format: $(TEST_READY) ## Put the code into its usual form
	@$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

coverage: $(TEST_READY) ## Which lines and branches the tests reach; fails where it is too little
	@report=$$(mktemp) && trap 'rm -f "$$report"' EXIT
	$(PYTEST) --ignore=tests/browser --database=sqlite --numprocesses=$(WORKERS) --dist=worksteal --quiet \
	  --cov --cov-report=term-missing:skip-covered --cov-report=json:"$$report"
	$(BIN)/python -m tests.coverage_gate "$$report"

bench: $(TEST_READY) ## Measure speed against the targets
	@$(BIN)/python -m benchmarks

desks: $(TEST_READY) ## Ask the real service desks everything, and write what each can do to docs/desks.md
	@results=$$(mktemp) && trap 'rm -f "$$results"' EXIT
	export ISTHMUS_TEST_DESKS=1
	$(PYTEST) tests/bridge/connectors tests/bridge/declarative tests/bridge/handovers/test_killed.py --junitxml="$$results"
	$(BIN)/python -m scripts.desks.matrix "$$results"

lock: $(TEST_READY) ## Choose exact versions again after a change of pyproject.toml (UPGRADE=1 takes newer ones)
	@$(BIN)/python -m pip install -qq pip-tools
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/lock $(if $(UPGRADE),--upgrade)

migration: $(TEST_READY) ## Write a migration for changed models: make migration MESSAGE="what changes"
	@home=$$(mktemp -d) && trap 'rm -rf "$$home"' EXIT
	export ISTHMUS_HOME=$$home DATABASE_URL=
	$(BIN)/flask --app community.core.cli:application db upgrade
	$(BIN)/flask --app community.core.cli:application db migrate --message "$(MESSAGE)"

translations: $(TEST_READY) ## Bring the catalogues up to date with the texts in code and templates
	@$(BIN)/python -m tests.architecture.catalogue

clean: ## Remove the environment and caches; data in var/ stays
	@rm -rf .venv build dist *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps are made anew when what is installed changes, so that a second start is quick.
$(RUN_READY): requirements-run.lock pyproject.toml
	@[ -e $(TEST_READY) ] && [ $(TEST_READY) -nt requirements.lock ] || scripts/environment requirements-run.lock
	touch $@

$(TEST_READY): requirements.lock pyproject.toml
	@scripts/environment requirements.lock
	touch $@
