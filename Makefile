# Accountability Monitor. `make` alone prints this help; `make demo` and `make test` do all their own set-up.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# modules stay compiled beside their sources: each of the many processes would compile all of ours anew
unexport PYTHONDONTWRITEBYTECODE
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PEOPLE ?= 120
WORKERS ?= 2
LOCK := uv pip compile -q pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --no-annotate

.PHONY: help demo test test-slow check setup setup-test browser lock sbom bench clean

help: ## this list
	@echo "Accountability Monitor"
	@echo
	@grep -hE '^(demo|test|test-slow|check|setup|setup-test|lock|sbom|bench|clean):.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: setup ## the main job on a synthetic county: web site and scheduler on this machine
	@$(BIN)/monitor demo --port $(PORT) --people $(PEOPLE)

test: setup-test browser check ## all tests: lint, types, doors, SQLite, PostgreSQL, a headless browser
	@echo "==> Tests on SQLite and PostgreSQL, with a headless browser (about twenty-five minutes on two cores)"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "not slow and not benchmark"

test-slow: setup-test browser ## the long tests: more kills, more examples
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m slow

check: setup-test ## lint, strict types and the doors between the rooms
	@echo "==> Lint, types, doors"
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

setup: $(VENV)/.locked ## build ./.venv from the lock, so that .venv/bin/monitor runs

setup-test: $(VENV)/.locked-test ## the same with what the tests need

$(VENV)/.locked: requirements.lock pyproject.toml
	@bash .ci/install requirements.lock $(PYTHON) $(VENV)
	@touch $@

$(VENV)/.locked-test: requirements-test.lock pyproject.toml
	@bash .ci/install requirements-test.lock $(PYTHON) $(VENV)
	@touch $@ $(VENV)/.locked

browser: ## see that a headless Chromium is there, or say how to get it
	@bash .ci/browser

lock: ## pin the newest versions that fit pyproject.toml, with hashes (maintainers; needs uv)
	@$(LOCK) --extra test --extra traces --extra build -o requirements-test.lock
	@$(LOCK) --extra build -c requirements-test.lock -o requirements.lock
	@$(LOCK) --extra traces --extra build -c requirements-test.lock -o requirements-traces.lock

sbom: setup ## what an installation is made of: CycloneDX JSON from the lock, in sbom.json
	@$(BIN)/python .ci/sbom > sbom.json && echo "Written to sbom.json."

bench: setup-test ## measure; results as JSON lines
	@$(BIN)/monitor bench

clean: ## remove the environment, caches and the demo county
	@rm -rf $(VENV) monitor-demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
