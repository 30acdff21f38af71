# Wenze: `make help` lists the targets.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help demo serve test check fuzz bench advisories keep-release clean assets fonts texts lint types contracts diagrams format

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): setup.cfg pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

assets: $(STAMP)  ## build the front end (Node is fetched where the machine has none)
	$(BIN)/python tools/node.py

texts: $(STAMP)  ## collect the texts of pages into the catalogue, and list what lacks English
	$(BIN)/python tools/texts.py

demo: $(STAMP) assets fonts  ## install, build, load procedures and demo people, start, print address and log-ins
	$(BIN)/wenze demo

fonts:  ## Chinese fonts for documents, below .tools
	@$(PYTHON) tools/fonts.py || true

serve: $(STAMP) assets fonts  ## start the platform on the configured database
	$(BIN)/wenze serve

check: $(STAMP) lint types contracts diagrams  ## the quick part: lint, types, contracts, diagrams, fast tests
	$(BIN)/pytest -q -m 'not slow and not office and not postgres and not browser' -n 2

lint: $(STAMP)  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)  ## mypy, strict
	$(BIN)/mypy

contracts: $(STAMP)  ## the direction of imports
	$(BIN)/lint-imports

diagrams: $(STAMP)  ## check every shipped procedure: diagrams, tables, scenarios
	$(BIN)/wenze check processes/*

test: $(STAMP) assets fonts  ## everything, with coverage (installs PostgreSQL and Chromium)
	$(BIN)/python tools/postgres.py install
	$(BIN)/python tools/chromium.py
	$(BIN)/python tools/feelin.py
	$(BIN)/python tools/postgres.py run -- $(BIN)/pytest -q -n 3 --dist worksteal -m 'not slow and not browser' --cov --cov-report=term
	$(BIN)/python tools/postgres.py run -- $(BIN)/pytest -q -n 3 --dist worksteal -m 'slow or browser' --durations=15

fuzz: $(STAMP)  ## 200 made-up requests to each operation of /api/v1, as `make test` sends them
	$(BIN)/pytest -q -n 2 tests/api/test_every_operation.py

bench: $(STAMP)  ## time a completion, an office's throughput and decision tables against their floors
	$(BIN)/python tools/postgres.py run -- $(BIN)/wenze bench
	$(BIN)/python tools/postgres.py run -- $(BIN)/wenze bench-office
	$(BIN)/python tools/postgres.py run -- $(BIN)/python tools/bench_inbox.py
	$(BIN)/python tools/bench_dmn.py

advisories: $(STAMP)  ## compare every pin with known advisories (data of one package, of July 2026)
	$(BIN)/python tools/advisories.py

keep-release: $(STAMP)  ## keep the databases that this release writes, for the upgrade tests of later ones
	$(BIN)/python tools/postgres.py run -- $(BIN)/python -m tools.keep_release

format:  ## rewrite the sources in the house format
	$(BIN)/ruff check --fix --quiet . || true
	$(BIN)/ruff format .

clean:  ## remove what was built; the database in .wenze stays
	rm -rf $(VENV) build dist *.egg-info web/static/dist web/assets/node_modules test-artefacts
	find . -name __pycache__ -prune -exec rm -rf {} +
