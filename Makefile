# The two commands of the README are `make run` and `make test`; the rest is for developers.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-installed
DEV    := $(VENV)/.dev-installed
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The lock is whole, so nothing is resolved again: some versions of pip trip over an extra of a locked package.
LOCKED := $(PIP) install --no-deps --require-hashes
LOCK   := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q

.PHONY: run test test-browser soak lint types bench lock clean check-python

run: $(RUN)
	@$(BIN)/python -m bot run $(if $(CHIBO_TELEGRAM__TOKEN),,--demo)

test: $(DEV)
	$(BIN)/python -m pytest -n 2 --durations=10 -m "not browser and not soak"

test-browser: $(DEV)
	$(BIN)/python -m pytest -m browser

soak: $(DEV)
	$(BIN)/python -m pytest -m soak -s --timeout 3600

lint: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types: $(DEV)
	$(BIN)/mypy

bench: $(DEV)
	$(BIN)/python -m benchmarks

# Needs uv on the PATH; no registry's address may reach the locks.
lock:
	$(LOCK) pyproject.toml requirements/build.in -o requirements/run.lock
	$(LOCK) pyproject.toml requirements/build.in --group dev -c requirements/run.lock -o requirements/dev.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

check-python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Python 3.11 or newer is missing: sudo apt install python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: $(PYTHON) is older; set PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: sudo apt install python3-venv" >&2; exit 2; }

$(BIN)/python: | check-python
	@$(PYTHON) -m venv $(VENV)

$(RUN): requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Installing ..." >&2
	@$(LOCKED) -r requirements/run.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements/dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing ..." >&2
	@$(LOCKED) -r requirements/dev.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@ $(RUN)
