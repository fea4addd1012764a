# Chancery. Plain `make` says what there is. Needs python3, make and git, and nothing else.
#
# Settings pass through from the environment: CHANCERY_PORT=9000 make run
# Another interpreter: make run PYTHON=python3.13
# More arguments for the tools below: make test ARGS="-k paging -x"

PYTHON ?= python3
ARGS   ?=
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check -qq
PEERS  := build/bench-venv
UV     := $(shell command -v uv 2>/dev/null || echo $(BIN)/uv)

# A supported interpreter ends with 0. The text must be readable for any Python, even 2.
SUPPORTED = import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))
VERSION   = import sys; print("%d.%d.%d" % sys.version_info[:3])

# An environment cannot be moved, and loses its interpreter when that is uninstalled: then it is
# made anew. `.place` holds the folder it was made in; `.run` and `.dev` say what is installed.
ifneq ($(shell test -x $(BIN)/python && cat $(VENV)/.place 2>/dev/null),$(CURDIR))
$(shell rm -f $(VENV)/.place $(VENV)/.run $(VENV)/.dev)
endif

# Where this is set, every process compiles everything anew, and starts half a second later.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test faults contract fuzz check lint types arch fix migrate migration openapi \
	bench bench-full lock clean

help:
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/\1	\2/p' Makefile | \
		while IFS='	' read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

run: $(VENV)/.run  ## migrate, load the seed and serve on 127.0.0.1:8000
	@exec $(BIN)/chancery serve --prepare $(ARGS)

test: $(VENV)/.dev  ## run the whole suite, on SQLite and on PostgreSQL
	@$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile $(ARGS)

faults: $(VENV)/.dev  ## run the long forms of the tests of faults and abuse, for some minutes
	@$(BIN)/pytest -m long $(ARGS)

contract: $(VENV)/.dev  ## hold the API against its OpenAPI document, for about a minute
	@$(BIN)/python -m tests.support.fuzzing $(ARGS)

fuzz: $(VENV)/.dev  ## the same for half an hour, with what nobody thought of
	@$(BIN)/python -m tests.support.fuzzing --minutes 30 $(ARGS)

check: lint types arch test contract  ## all that CI runs: lint, types, arch, test, contract

lint: $(VENV)/.dev  ## style and likely bugs, with ruff
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

types: $(VENV)/.dev  ## types, with mypy
	@$(BIN)/mypy

arch: $(VENV)/.dev  ## which part may import which, with import-linter
	@$(BIN)/lint-imports --no-logo

fix: $(VENV)/.dev  ## put the style right where a tool can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

migrate: $(VENV)/.run  ## bring the database to the newest schema
	@$(BIN)/chancery migrate $(ARGS)

migration: $(VENV)/.dev  ## draft a migration: make migration m="add a column"
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add a column"' >&2; exit 2; }
	@$(BIN)/alembic revision --autogenerate -m "$(m)"

openapi: $(VENV)/.dev  ## write the snapshot docs/openapi.json and its examples
	@$(BIN)/python -m tests.support.examples
	@$(BIN)/chancery openapi > docs/openapi.json.new
	@mv docs/openapi.json.new docs/openapi.json

bench: $(VENV)/.dev $(PEERS)/.made  ## measure the short form, beside others, in some minutes
	@$(BIN)/python -m benchmarks $(ARGS)

bench-full: $(VENV)/.dev $(PEERS)/.made  ## measure all of it, for hours, and write the figures down
	@$(BIN)/python -m benchmarks --full $(ARGS)

lock: $(VENV)/.dev  ## write the lock files anew; newest versions: make lock ARGS=--upgrade
	@test -x "$(UV)" || $(PIP) install uv
	@$(call compile,requirements.lock,)
	@$(call compile,requirements-build.lock,--group build -c requirements.lock)
	@$(call compile,requirements-dev.lock,--group dev -c requirements.lock -c requirements-build.lock)
	@$(UV) pip compile benchmarks/contenders/requirements.in $(LOCKED) \
		--output-file benchmarks/contenders/requirements.txt

clean:  ## remove the environment and the caches; records stay
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# $(1): the file to write, $(2): what goes in. No index address may enter a lock file.
compile = $(UV) pip compile $(if $(filter build,$(2)),,pyproject.toml) $(2) $(LOCKED) \
	--output-file $(1)
LOCKED  = --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	--quiet $(ARGS)

$(VENV)/.place:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Chancery needs Python 3.11 to 3.14." >&2; exit 1; }
	@$(PYTHON) -c '$(SUPPORTED)' || { \
		echo "Chancery needs Python 3.11 to 3.14, and $(PYTHON) is" \
			"$$($(PYTHON) -c '$(VERSION)'). Name another: make PYTHON=python3.13 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: apt install python3-venv" >&2; \
		exit 1; }
	@if $(BIN)/python -c '$(SUPPORTED)' 2>/dev/null \
		&& grep -qF "$(CURDIR)/$(VENV)" $(BIN)/activate; \
	then :; else $(PYTHON) -m venv --clear $(VENV); fi
	@printf '%s\n' "$(CURDIR)" > $@

$(VENV)/.run: $(VENV)/.place requirements.lock requirements-build.lock pyproject.toml
	@echo 'Installing what Chancery needs into $(VENV); this happens once.'
	@$(PIP) install --require-hashes -r requirements.lock -r requirements-build.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.place requirements-dev.lock pyproject.toml
	@echo 'Installing what Chancery and its tests need into $(VENV); this happens once.'
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.run $@

# Whom the benchmark measures beside us, in an environment of their own.
$(PEERS)/.made: $(VENV)/.place benchmarks/contenders/requirements.txt
	@echo 'Installing what the benchmark compares with into $(PEERS); this happens once.'
	@$(BIN)/python -m venv --clear $(PEERS)
	@$(PEERS)/bin/python -m pip --disable-pip-version-check -qq install --require-hashes \
		-r benchmarks/contenders/requirements.txt
	@touch $@
