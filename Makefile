# Everything from a clean clone: each target sets up what it needs first.
#   make demo    two customers, a website with the widget, and all servers; Ctrl-C stops them
#   make test    every test
#   make check   formatters, linters, types, import rules
#   make hostile  all of the hostile corpora at every door (a test run takes a part of them)
#   make bench   the benchmarks, beside a baseline measured in the same run
#   make bench-extraction  long and hostile messages: processor time beside a baseline
#   make bench-sockets  sockets that wait, come and go, never read, lose their gateway: docs/crowds.md
#   make reliability  breaks everything for a while and writes docs/reliability.md
#   make evaluate  writes docs/evaluation.md from public data (CHATSAAS_DATA, or ../shared/data)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
# Of the isolation run of `make reliability`.
REQUESTS ?= 100000
VENV := .venv
BIN := $(VENV)/bin
# The type checker reads the settings, which refuse to be read without these; nothing is contacted.
SETTINGS := DATABASE_URL=postgresql://types@127.0.0.1/types REDIS_URL=redis://127.0.0.1/0 \
	SECRET_KEY=only-for-the-type-checker-0123456789
SAY := @printf '\033[1m%s\033[0m\n'

# Says how far it is; what pip itself has to say is shown when it fails.
define install
$(BIN)/python -m pip install --disable-pip-version-check --progress-bar off -r $(1) 2>$(VENV)/pip.log | {
	count=0
	while read -r word _; do
		case $$word in
		Collecting) (( ++count % 25 )) || echo "  $$count of $$(grep -c == $(1))" ;;
		Installing) echo '  unpacking them' ;;
		esac
	done
} || { cat $(VENV)/pip.log >&2; exit 1; }
endef

.PHONY: help demo test hostile check bench bench-extraction bench-sockets evaluate clean browser

help:
	@grep -E '^#   make' Makefile | cut -c3-

demo: $(VENV)/.product
	@exec $(BIN)/python -m chatsaas.demo

test: $(VENV)/.development browser
	@npm run --silent test
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal $(ARGS)

hostile: $(VENV)/.development browser
	@HOSTILE=whole $(BIN)/python -m pytest tests/hostile $(ARGS)

bench: $(VENV)/.development
	@exec $(BIN)/python -m tests.bench $(ARGS)

bench-extraction: $(VENV)/.development
	@exec $(BIN)/python -m tests.bench.extraction $(ARGS)

bench-sockets: $(VENV)/.development
	@exec $(BIN)/python -m tests.bench.sockets $(ARGS)

evaluate: $(VENV)/.product
	@exec $(BIN)/python -m ai_bridge.evaluation.document $(ARGS)

reliability: $(VENV)/.product
	@$(BIN)/python -m chatsaas.chaos.document $(ARGS)
	$(BIN)/python manage.py isolation --requests $(REQUESTS) --document

check: $(VENV)/.development node_modules/.installed
	$(SAY) 'Format and lint'
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint templates --check --lint --quiet
	printf '\033[1mTypes\033[0m\n'
	$(SETTINGS) $(BIN)/mypy
	printf '\033[1mImports\033[0m\n'
	$(BIN)/lint-imports --no-logo
	printf '\033[1mWidget\033[0m\n'
	npm run --silent check

# Packages: only when the list has changed.
$(VENV)/.product: requirements.txt
	@if [ -z '$(PYTHON)' ]; then
		echo 'Python 3.11 or newer is needed: install it (Debian: apt-get install python3 python3-venv).' >&2
		exit 1
	fi
	[ -x $(BIN)/python ] || { printf '\033[1mMaking .venv\033[0m\n'; $(PYTHON) -m venv $(VENV); }
	printf '\033[1mInstalling the packages of the product (about a minute)\033[0m\n'
	$(call install,requirements.txt)
	touch $@

$(VENV)/.development: $(VENV)/.product requirements-dev.txt
	$(SAY) 'Installing the packages for development (about a minute)'
	$(call install,requirements-dev.txt)
	touch $@

node_modules/.installed: package.json package-lock.json
	@if ! command -v npm >/dev/null; then
		echo 'Node 20 or newer is needed to check the widget (not for make demo): install nodejs and npm.' >&2
		exit 1
	fi
	printf '\033[1mInstalling the packages of the widget\033[0m\n'
	# Not `npm ci`: it refuses a lock made where other systems' optional packages were not to be had.
	npm install --no-save --silent --no-audit --no-fund
	touch $@

# The tests of the widget and the dashboard drive a real browser.
browser: node_modules/.installed
	@command -v chromium chromium-browser google-chrome >/dev/null && exit 0
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		echo 'Chromium is needed for the browser tests: install it (Debian: sudo apt-get install chromium).' >&2
		exit 1
	fi
	printf '\033[1mInstalling Chromium\033[0m\n'
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null

clean:
	@[ ! -x $(BIN)/python ] || $(BIN)/python -m chatsaas.servers stop
	@[ ! -x $(BIN)/python ] || rm -rf "$$($(BIN)/python -m tests.ground.environment)"
	rm -rf $(VENV) node_modules .state .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
