# `make` lists what there is. Nothing is installed outside this folder, and nothing twice: a stamp file,
# written when an install has ended, is newer than the lockfile that it installed.

PYTHON ?= python3
PORT ?= 8000
# Not from the environment, where conda and tcsh keep other things under this name:
HOST = 127.0.0.1
CHROMIUM ?= $(wildcard /usr/bin/chromium)
FIREFOX ?= $(firstword $(wildcard /usr/bin/firefox-esr /usr/bin/firefox))
ARGS =

VENV := .venv
BIN := $(VENV)/bin
export CHROMIUM FIREFOX

.DEFAULT_GOAL := help
.PHONY: help run bundle test fuzz check format generate bench lock clean setup setup-dev browser

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

run: setup built/manifest.json ## serve at http://127.0.0.1:8000 (PORT=, HOST=)
	@HOST='$(HOST)' PORT='$(PORT)' $(BIN)/python app.py

# Few small files of the page's many; where they are not made of what is in static/, the app serves that.
bundle: built/manifest.json ## join and compress what the page loads

built/manifest.json: $(shell find static -type f) graphviz_backprop/resources.py $(wildcard tools/bundle.*) tools/font.py \
		$(VENV)/.run node_modules/.run
	@$(BIN)/python -m tools.bundle

# In the order of the folders: those in a browser take longest, so they come first.
test: setup-dev browser ## all tests, in Python, browsers and node (ARGS= for pytest)
	@test -n '$(FIREFOX)' || echo 'There is no Firefox here (FIREFOX= names one): its smoke test is left out.'
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)
	$(BIN)/node --test $(or $(shell find tests -name '*.test.js'),$(error there are no tests of the JavaScript))

# Each seed draws other programs; the seed of a failure, and its example, are printed with it.
SEED ?= $(shell date +%s)
ROUNDS ?= 3
COUNT ?= 20000
fuzz: setup-dev ## random programs and requests, others each time (ROUNDS=, COUNT= of requests, SEED= of a run to repeat)
	@for round in $$(seq 0 $$(($(ROUNDS) - 1))); do \
		seed=$$(($(SEED) + round)); \
		HYPOTHESIS=fuzz SEED=$$seed COUNT=$(COUNT) $(BIN)/python -m pytest -q -n auto -m fuzz --hypothesis-seed=$$seed $(ARGS) || \
			{ echo "repeat it with: make fuzz ROUNDS=1 SEED=$$seed"; exit 1; }; \
	done

check: setup-dev ## lint, formatting, types, import direction, generated files
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/node node_modules/eslint/bin/eslint.js --max-warnings=0 .
	$(BIN)/node node_modules/prettier/bin/prettier.cjs --check --log-level warn .
	$(BIN)/node node_modules/typescript/bin/tsc
	$(BIN)/python -m pytest -q tests/test_imports.py
	$(BIN)/python -m tools.generate --check
	$(BIN)/python -m tools.audit

format: setup-dev ## format the code and fix what lint can fix
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/node node_modules/prettier/bin/prettier.cjs --write --log-level warn .

generate: setup-dev ## write the files made from the table of operations
	$(BIN)/python -m tools.generate

bench: setup-dev built/manifest.json ## measure the speed
	$(BIN)/python -m bench $(ARGS)

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make lock'

lock: setup-dev ## renew the lockfiles (ARGS=--upgrade takes the newest versions)
	$(LOCK) $(ARGS) --all-extras pyproject.toml -o requirements.txt
	$(LOCK) $(ARGS) requirements-node.in -o requirements-node.txt
	$(LOCK) $(ARGS) --all-extras pyproject.toml requirements-dev.in -c requirements.txt -c requirements-node.txt -o requirements-dev.txt
	$(BIN)/npm $(if $(ARGS),update,install) --package-lock-only

clean: ## remove everything that was installed or built here
	rm -rf $(VENV) node_modules build built .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- installing -------------------------------------------------------------------------------------

setup: $(VENV)/.run node_modules/.run
setup-dev: $(VENV)/.dev node_modules/.dev

PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
NPM = $(BIN)/npm ci --no-progress --loglevel=error

$(VENV)/.run: requirements.txt requirements-node.txt $(VENV)/.made
	@echo 'Installing what the app needs (about a minute, once) ...'
	@$(PIP) -r requirements.txt -r requirements-node.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.made
	@echo 'Installing what tests and checks need ...'
	@$(PIP) -r requirements-dev.txt
	@touch $(VENV)/.run $@

node_modules/.run: package-lock.json | $(VENV)/.run
	@$(NPM) --omit=dev
	@touch $@

node_modules/.dev: package-lock.json | $(VENV)/.dev
	@$(NPM)
	@touch node_modules/.run $@

$(VENV)/.made: $(BIN)/python
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo 'graphviz_backprop needs Python 3.11 or newer; PYTHON= names one: make run PYTHON=python3.12' >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || \
		{ echo 'Python could not make a virtual environment here; on Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@touch $@

# Where this file, or what it links to, is gone, all of the above is made anew.
$(BIN)/python: ;

browser: setup-dev
	@test -n '$(CHROMIUM)' || $(BIN)/playwright install --only-shell chromium
