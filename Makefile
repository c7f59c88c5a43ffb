# Two commands: `make run` starts Verbatim, `make test` runs the whole suite. Both install first, and only when the lock changed.
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test lint bench soak lock clean
SHELL := /bin/sh
VENV  := .venv
BIN   := $(VENV)/bin

help:
	@echo "make run            start Verbatim (SAMPLE=1: with the bundled sample newsroom)"
	@echo "make test           ruff, mypy, import rules and the whole test suite"
	@echo "make install        only install, into $(VENV)"
	@echo "make bench, soak    the long measurements and the long chaos runs"

# The first Python that runs and is recent enough; its own words where none is.
define FIND_PYTHON
python=; \
for name in $(PYTHON) python3.14 python3.13 python3.12 python3.11 python3 python; do \
  if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then python=$$name; break; fi; \
done; \
if [ -z "$$python" ]; then \
  echo "Verbatim needs Python 3.11 or newer, found: $$(python3 --version 2>/dev/null || echo none). Install python3.11 (or newer), or say where it is: make $@ PYTHON=/path/to/python3" >&2; exit 1; \
fi; \
if ! "$$python" -c 'import sys; sys.exit(sys.maxsize < 2**32)'; then \
  echo "Verbatim needs a 64-bit system: its libraries have no 32-bit builds. Use a 64-bit image of your system (on a Raspberry Pi: Raspberry Pi OS 64-bit)." >&2; exit 1; \
fi; \
if ! "$$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then \
  echo "$$("$$python" --version) has no venv module. On Debian or Ubuntu: sudo apt install $$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')" >&2; exit 1; \
fi
endef

# $(1): the lock; $(2): the locks that it fulfils. Copies in the environment say what is installed there.
define INSTALL
@if ! cmp -s $(1) $(VENV)/$(1) || ! cmp -s pyproject.toml $(VENV)/pyproject.toml || [ ! -x $(BIN)/verbatim ]; then \
  if [ ! -x $(BIN)/python ] || ! $(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
    $(FIND_PYTHON); \
    echo "Creating $(VENV) with $$("$$python" --version)" >&2; \
    rm -rf $(VENV); "$$python" -m venv $(VENV) || { echo "The virtual environment could not be made in $(VENV): see the lines above." >&2; exit 1; }; \
  fi; \
  echo "Installing the locked libraries of $(1)…" >&2; \
  $(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes --no-deps -r $(1) \
    || { echo "The libraries could not be installed: see the lines above (is the package index reachable?)." >&2; exit 1; }; \
  $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable . \
    || { echo "Verbatim itself could not be installed: see the lines above." >&2; exit 1; }; \
  cp $(2) pyproject.toml $(VENV)/; \
fi
endef

install:
	$(call INSTALL,requirements.txt,requirements.txt)

install-dev:
	$(call INSTALL,requirements-dev.txt,requirements.txt requirements-dev.txt)

run: install
	@$(BIN)/verbatim run $(if $(SAMPLE),--sample)

test: install-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n auto -rs

bench: install-dev
	@$(BIN)/python -m benchmarks $(NAMES)

soak: install-dev
	@SOAK=1 $(BIN)/python -m pytest -m "soak or hypothesis"

# The development lock first: the other one is the same versions, so that what was tested is what runs.
LOCK := uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --no-annotate --custom-compile-command "make lock" --quiet pyproject.toml
lock:
	$(LOCK) --group dev --output-file requirements-dev.txt
	$(LOCK) --group install --constraints requirements-dev.txt --output-file requirements.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
