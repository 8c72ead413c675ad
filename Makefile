# What a person types. `make help` lists it; README.md explains it.

PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help chat index install test torture audit browser lint lock clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 12

chat: $(VENV)/.chat ## build the index, serve the chat at 127.0.0.1:8501 (PORT=)
	$(BIN)/rag index
	$(BIN)/rag chat --port $(PORT)

index: $(VENV)/.chat ## build the index from seeds/; only what changed is embedded
	$(BIN)/rag index

install: $(VENV)/.installed ## complete the environment: other models (torch), tests

# One environment. `chat` makes it with what the default path runs, `install` completes it. Each is
# done again only when its list has changed. `chat` leaves compiling to the first import: compiling
# every module nearly doubles the time of the installation.
$(VENV)/.chat: requirements-chat.txt pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps -r requirements-chat.txt -e .
	touch $@

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(VENV)/.chat $@

$(BIN)/pip:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make chat PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

test: install browser ## run all the tests; those in a browser need a Chromium (CHROMIUM=)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

torture: install browser ## run what may never break, for two hours; goes on where it stopped (ROWS=)
	@echo "Wants strace and LibreOffice: apt-get install --no-install-recommends strace libreoffice-calc libreoffice-writer"
	$(BIN)/python -m tests.torture $(or $(ROWS),all)

audit: install ## look the dependencies up in the database of known faults, if it can be reached
	@$(BIN)/python -m tests.audit

# Root on a Debian machine gets a Chromium where there is none; elsewhere the browser tests are
# skipped and say how to get one.
browser:
	@if [ -z "$(CHROMIUM)" ] \
	    && ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null \
	    && ! command -v google-chrome >/dev/null \
	    && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core; \
	fi

lint: install ## check style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lock: install ## write requirements-chat.txt anew, after a change of the dependencies
	$(BIN)/python -m tests.chat_requirements

clean: ## remove the environment and the index; the documents stay
	rm -rf $(VENV) index/CURRENT index/builds index/cache index/.lock
