# Everything a person types. `make help` lists it.
#
# A bare machine needs only make, python3 (3.11 or newer) and python3-venv. Anything else is
# installed into .venv, or named by ops/doctor.py with the one command that brings it.

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
PYTEST := $(PY) -m pytest
# Tests of timers, browsers and processes wait more than they work: three share two cores.
TEST_WORKERS ?= 3
LOCK := $(UV) pip compile --universal --generate-hashes --no-emit-index-url --no-header --quiet

# Each of the many processes would else compile every module anew, whatever the machine wants.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run rehearse test check lint types imports drift coverage bench lock histories \
	fingerprints setup setup-tests python venv

help:  ## list the commands
	@sed -n 's/^\([a-z-]*\):.*##/\1 -/p' Makefile

run: setup  ## start everything with a demo; PORT and DATA_DIR are honoured; Ctrl-C stops it
	@$(PY) -m ops.run --follow-parent

rehearse: setup  ## the same, and cases can be fast-forwarded
	@$(PY) -m ops.run --follow-parent --rehearse

test: setup-tests  ## run every test
	@$(PYTEST) -q -n $(TEST_WORKERS)

check: lint types imports drift  ## format, lint, types, import directions, drift

lint: setup-tests  ## formatting and lint
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/ruff check .

types: setup-tests  ## static types
	@$(VENV)/bin/mypy .

imports: setup-tests  ## which folder may import which
	@$(VENV)/bin/lint-imports --no-cache

drift: setup-tests  ## schema, coverage and command sequences against what is committed
	@$(PY) -m ops.schema_snapshot --check
	@$(PY) -m ops.coverage --check
	$(if $(wildcard ops/fingerprints.py),@$(PY) -m ops.fingerprints --check,@:)

coverage: setup-tests  ## run the tests and write down which requirement rows have one
	@$(PYTEST) -q -n 2 --requirements-file=.coverage-rows.json; tests=$$?; \
	$(PY) -m ops.coverage --write .coverage-rows.json && exit $$tests

bench: setup-tests  ## the benchmarks
	@$(PY) -m bench

histories: setup-tests  ## record the workflow histories that are missing
	@$(PYTEST) -q -n 0 tests/workflows/test_replay.py --record-histories

fingerprints: setup-tests  ## accept the present command sequences of the workflows
	@$(PY) -m ops.fingerprints --write

lock: setup-tests  ## compile the requirements anew from pyproject.toml
	@$(LOCK) --group dev -o requirements-dev.txt pyproject.toml
	@$(LOCK) -o requirements.txt pyproject.toml
	@echo uv | $(LOCK) --no-annotate -c requirements-dev.txt -o uv.txt -

# --- set-up ---------------------------------------------------------------------------------
# What is installed is remembered as a copy of the requirements it was installed from: a warm
# start compares two files. The set for tests holds the set for running, so `make run` after
# `make test` has nothing to do.

setup: python  ## what `make run` needs
	@$(PYTHON) -m ops.doctor
	@$(MAKE) --no-print-directory venv
	@if [ -e $(VENV)/.for-tests ]; then set=requirements-dev.txt stamp=.for-tests; \
	else set=requirements.txt stamp=.for-running; fi; $(call install)

setup-tests: python  ## what the tests need
	@$(PYTHON) -m ops.doctor --tests
	@$(MAKE) --no-print-directory venv
	@set=requirements-dev.txt stamp=.for-tests; $(call install)

define install
cmp -s $$set $(VENV)/$$stamp && exit 0; \
	echo "installing the packages of $$set into $(VENV) (once)"; \
	rm -f $(VENV)/.for-running $(VENV)/.for-tests; \
	{ [ -x $(UV) ] || $(PY) -m pip install -q --disable-pip-version-check --no-deps \
		--require-hashes -r uv.txt; } && \
	{ $(UV) pip sync -q --compile-bytecode --require-hashes --python $(PY) $$set || \
		$(PY) -m pip install -q --disable-pip-version-check --no-deps --require-hashes \
		-r $$set; } && \
	cp $$set $(VENV)/$$stamp
endef

python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "python3 is missing: run  apt-get install -y python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v < (3, 11) and \
		"Python 3.11 or newer is needed, this is %d.%d; set PYTHON to a newer one" % v)'

venv:
	@$(PY) -c "" 2>/dev/null || { rm -rf $(VENV); $(PYTHON) -m venv $(VENV); } || { \
		echo "python3-venv is missing: run  apt-get install -y python3-venv" >&2; exit 1; }
