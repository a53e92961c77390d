# Every target makes what it needs first; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.PHONY: help setup semantic demo chat test lint check-words fix bench chaos lock

# From another folder (make -f …/Makefile), go to this file's own.
HERE := $(shell cd "$$(dirname "$(strip $(MAKEFILE_LIST))")" && pwd -P)
ifneq ($(HERE),$(shell pwd -P))
help setup semantic demo chat test lint check-words fix bench chaos lock:
	@$(MAKE) -C "$(HERE)" $@
else

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
INSTALL := $(PIP) install --no-deps --require-hashes --only-binary :all:
LOCK := uv pip compile --quiet --upgrade --no-config --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" pyproject.toml > /dev/null

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

setup: .venv/.runtime ## install Divisi and its locked dependencies into .venv
	@:

semantic: setup ## install what finds values by meaning, for DIVISI_SEMANTIC=true
	@$(INSTALL) -r requirements-semantic.lock

demo: setup ## load sample customers and start a chat that shows itself
	@divisi demo

chat: setup ## chat in the terminal
	@divisi chat

test: .venv/.dev ## run the tests
	@python -m pytest -q -n auto --maxprocesses 4 --dist loadfile

lint: .venv/.dev ## check style, types, import rules, dependencies and spelling
	@ruff check --quiet .
	@ruff format --check --quiet .
	@mypy --no-error-summary
	@lint-imports --no-cache > .venv/imports.log || { cat .venv/imports.log; exit 1; }
	@deptry . --no-ansi 2> .venv/deptry.log || { cat .venv/deptry.log; exit 1; }
	@codespell
	@echo "lint: nothing to complain about"

check-words: setup ## check the words that people may use
	@$(BIN)/python -m planner.understand.lint

fix: .venv/.dev ## repair what can be repaired mechanically
	@ruff check --fix --quiet . || true
	@ruff format --quiet .

bench: .venv/.dev ## measure speed at a million contacts
	@python -m bench

chaos: .venv/.dev ## kill everything at bad moments and count what was lost
	@python -m bench.chaos

lock: .venv/.dev ## choose the newest versions again and write the lock files
	@$(LOCK) --group build -o requirements.lock
	@$(LOCK) --group dev -c requirements.lock -o requirements-dev.lock
	@$(LOCK) --group build --extra semantic -c requirements.lock -o requirements-semantic.lock

.venv/.runtime: requirements.lock
	@echo "1/3 looking for Python 3.11 or newer"
	@PATH="$${PATH#*:}"; python=$$(for name in python3.11 python3 python3.12 python3.13 python3.14 python; do \
		"$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
			2> /dev/null && { echo "$$name"; break; } || true; done); \
	if [ -z "$$python" ]; then \
		echo "Divisi needs Python 3.11 or newer, with its venv module (on Debian: python3-venv)." \
			"Install it and run make setup again." >&2; exit 1; fi; \
	$(BIN)/python -m pip --version > /dev/null 2>&1 || "$$python" -m venv --clear .venv
	@echo "2/3 installing the locked dependencies (about half a minute)"
	@$(INSTALL) -r requirements.lock
	@echo "3/3 installing Divisi itself"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements-dev.lock
	@echo "installing the developers' tools"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
endif
