# Every target makes the environment it needs; a second run finds it made and is fast.
SHELL := /bin/sh
VENV := .venv
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
PYTEST := $(VENV)/bin/python -m pytest -n 2 --dist worksteal
TEST_ARGS ?=
unexport PYTHONDONTWRITEBYTECODE # the tests start dozens of processes; each would compile everything anew

.DEFAULT_GOAL := help
.PHONY: help run test test-long bench lint browser readers

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | while IFS='	' read -r target text; do \
		printf '  make %-10s %s\n' "$$target" "$$text"; done

run: $(VENV)/.installed-run ## the site with demonstration data on http://127.0.0.1:8000 (PORT=… for another port)
	@$(VENV)/bin/python -m app.start

test: $(VENV)/.installed-test browser readers ## all tests: unit, web, a real PostgreSQL, a real browser
	@echo "Running the tests on SQLite and on PostgreSQL; TEST_ARGS='tests/jobs -k retry' runs a part."
	$(PYTEST) $(TEST_ARGS)
	@echo "All passed. Next: make lint before a commit; make test-long for the full-size ordeals."

test-long: $(VENV)/.installed-test browser readers ## the ordeals at full size (long)
	$(PYTEST) -m long $(TEST_ARGS)

bench: $(VENV)/.installed-test ## the project's own benchmarks, as ratios against floors of the same run
	$(VENV)/bin/python -m bench

lint: $(VENV)/.installed-dev ## ruff, mypy, import-linter, djlint
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache
	$(VENV)/bin/djlint templates --lint --quiet

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found: apt install python3"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Fetching python3-venv …"; apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null; \
		else echo "Python's venv module is missing: sudo apt install python3-venv, then repeat."; exit 1; fi; }
	@echo "Creating the virtual environment in $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed-run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Meridian (about half a minute the first time) …"
	@$(PIP) install -e . -c constraints.txt
	@touch $@

$(VENV)/.installed-test: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Meridian and the test tools (about a minute the first time) …"
	@$(PIP) install -e '.[test]' -c constraints.txt
	@touch $@ $(VENV)/.installed-run

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing Meridian with the test and lint tools (about a minute the first time) …"
	@$(PIP) install -e '.[dev]' -c constraints.txt
	@touch $@ $(VENV)/.installed-test $(VENV)/.installed-run

browser: # Chromium for the browser tests: found, fetched by package name, or named
	@if [ -n "$$CHROMIUM" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Fetching chromium for the browser tests …"; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else echo "No Chromium: the browser tests will be reported as skipped. To run them: sudo apt install chromium (or set CHROMIUM)."; fi

ICAL_JS := ical.js@2.2.1
LIBICAL := ldconfig -p 2>/dev/null | grep -q 'libical\.so\.[34]'

readers: | $(VENV)/bin/python # what else reads calendars in the tests: ical.js in node, and libical
	@if grep -qs '"version": "$(subst ical.js@,,$(ICAL_JS))"' $(VENV)/readers/node_modules/ical.js/package.json; then :; \
	elif command -v npm >/dev/null && command -v node >/dev/null; then \
		echo "Fetching $(ICAL_JS) for the calendar tests …"; \
		npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(VENV)/readers $(ICAL_JS) >/dev/null || \
			echo "npm could not fetch $(ICAL_JS): the tests that read calendars with it will be reported as skipped."; \
	else echo "No node or npm: tests that read calendars with ical.js will be reported as skipped. To run them: sudo apt install nodejs npm."; fi
	@if PATH="$$PATH:/sbin:/usr/sbin"; $(LIBICAL); then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Fetching libical3 for the calendar tests …"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends libical3 >/dev/null; } || \
			echo "libical3 could not be fetched: the tests that read calendars with it will be reported as skipped."; \
	else echo "No libical: tests that read calendars with it will be reported as skipped. To run them: sudo apt install libical3."; fi
