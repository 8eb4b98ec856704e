# `make demo` shows a city, `make test` checks the project, `make docs` builds the site. All make .venv first if it is
# not there. `make test-sdv` checks the methods of SDV and of mbi in an environment of its own.

VENV := .venv
BIN := $(VENV)/bin
# SDV is under another licence and brings torch (1.8 GB in all): nothing else needs it.
SDV := .venv-sdv
# Tests run in this many processes.
JOBS ?= 2
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)

.PHONY: demo test test-sdv docs install clean help

help:
	@echo "make demo    install sfbench into $(VENV), generate a city, check it, evaluate it"
	@echo "make test    install the test extras into $(VENV), run ruff, mypy and pytest"
	@echo "make test-sdv   install the extras sdv (BUSL-1.1) and mbi into $(SDV), run the tests that need them"
	@echo "make docs    build the documentation into site/, without a network once the packages are installed"
	@echo "make clean   remove $(VENV), $(SDV), the demo's output and caches"

demo: $(VENV)/.installed
	$(BIN)/sfbench demo

install: $(VENV)/.installed

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-sdv: $(SDV)/.installed
	$(SDV)/bin/python -c 'import sdv, torch, importlib.util as u; assert u.find_spec("mbi")'  # else tests would be skipped
	$(SDV)/bin/python -m pytest tests/synth/test_sdv.py tests/synth/test_sdv_copies.py tests/synth/test_sdmetrics.py tests/synth/test_marginals_mbi.py

docs: $(VENV)/.installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html opens in a browser, from the disk too"

clean:
	rm -rf $(VENV) $(SDV) sfbench-demo site .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python $(SDV)/bin/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "error: sfbench needs Python 3.11, 3.12 or 3.13, and none was found on the PATH"; \
		echo "  found: $$(python3 --version 2>&1 || echo no python3)"; \
		echo "  do:    install one (apt install python3.11 python3.11-venv, brew install python@3.12), or make PYTHON=/path/to/python"; \
		exit 2; \
	fi
	@$(PYTHON) -m venv $(@D:/bin=) || { rm -rf $(@D:/bin=); echo "error: $(PYTHON) cannot make a virtual environment (on Debian: apt install python3-venv)"; exit 2; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-docs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@ $(VENV)/.installed

$(SDV)/.installed: pyproject.toml constraints.txt constraints-sdv.txt constraints-mbi.txt | $(SDV)/bin/python
	$(SDV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-sdv.txt -c constraints-mbi.txt -e '.[sdv,mbi,synth]' pytest
	@touch $@
