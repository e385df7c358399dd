SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Tests and measurements start the program often; each time it would be compiled anew.
export PYTHONDONTWRITEBYTECODE :=

PORT ?= 5000
HOST ?= 127.0.0.1
PYTHON_BIN := .venv/bin/python
PIP_INSTALL := $(PYTHON_BIN) -m pip install --quiet --disable-pip-version-check --no-warn-script-location
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard civicforum/translations/*/LC_MESSAGES/*.po))
CODE := app.py civicforum migrations/env.py tests bench

.PHONY: help
help: ## Show the targets
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

.PHONY: install
install: venv frontend $(CATALOGUES) ## Install what running needs into .venv, and build the front end

# What a release bundle lacks: its front end is built and its texts are compiled.
.PHONY: install-bundle
install-bundle: venv

.PHONY: bundle
bundle: install ## Write a release with the front end built into build/
	@tools/bundle

.PHONY: run
run: install ## Serve at http://HOST:PORT (make run PORT=5050)
	@exec $(PYTHON_BIN) -m civicforum serve --host $(HOST) --port $(PORT)

.PHONY: test
test: check ## The same as check; what CI runs

.PHONY: check
check: ## Lint, types, and all tests
	@$(MAKE) --jobs=3 --output-sync=line install-dev chromium
	@$(MAKE) --jobs=3 --output-sync=target types lint test-frontend
	@$(MAKE) unit-and-browser

.PHONY: chromium
chromium:
	@tools/chromium

.PHONY: unit-and-browser
unit-and-browser: install-dev chromium
	@# A file's tests share a database and a community. The longest files, those of the browser, come first.
	$(PYTHON_BIN) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

.PHONY: test-browser
test-browser: install-dev chromium ## Only the tests that drive a browser
	$(PYTHON_BIN) -m pytest tests/browser

.PHONY: test-faults
test-faults: install-dev ## Break things under voting load and see what is left (make test-faults write=1)
	@rm -f build/faults.jsonl
	CIVICFORUM_FAULT_RESULTS=$(CURDIR)/build/faults.jsonl $(PYTHON_BIN) -m pytest tests/faults -n 2 --dist loadfile
	@$(PYTHON_BIN) -m tests.faults.report build/faults.jsonl $(if $(write),--write)

.PHONY: fuzz
fuzz: install-dev ## Try every parser of bytes from outside for a minute each (make fuzz seconds=5; quick=1, write=1)
	$(PYTHON_BIN) -m tests.fuzz.run --seconds $(or $(seconds),$(if $(quick),5,60)) $(if $(write),--write)
	$(PYTHON_BIN) -m pytest -q tests/fuzz

.PHONY: test-frontend
test-frontend: frontend ## Only the tests of the scripts
	@tools/node node --test --test-reporter=dot frontend/test/*.test.js

.PHONY: lint
lint: install-dev ## Check style and format, and that no secret is written anywhere
	$(PYTHON_BIN) -m ruff check .
	$(PYTHON_BIN) -m ruff format --check .
	$(PYTHON_BIN) -m tools.secrets

.PHONY: audit
audit: install-dev ## Ask the advisory services about every locked version; nightly, for it needs the network
	@$(PYTHON_BIN) -m tools.audit

.PHONY: types
types: install-dev ## Check types
	$(PYTHON_BIN) -m mypy

.PHONY: fmt
fmt: install-dev ## Format the code and repair what can be repaired
	$(PYTHON_BIN) -m ruff check --fix .
	$(PYTHON_BIN) -m ruff format .

.PHONY: migration
migration: install-dev ## Write a migration from the models (make migration m="add quorum to contest")
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add quorum to contest"' >&2; exit 1; }
	$(PYTHON_BIN) -m flask --app app db upgrade
	$(PYTHON_BIN) -m flask --app app db migrate -m "$(m)" \
		--rev-id "$$(printf '%04d' $$(( $$(ls migrations/versions/*.py | wc -l) + 1 )))_$$(tr -cs 'a-z0-9' _ <<< '$(m)' | cut -c1-30 | sed 's/_*$$//')"

.PHONY: messages
messages: install-dev ## Collect the texts of the pages into the catalogues
	$(PYTHON_BIN) -m babel.messages.frontend -q extract -F babel.cfg -k _l -k lazy_gettext -k lazy_ngettext:1,2 --no-location --sort-output \
		--project=civicforum -o messages.pot .
	$(PYTHON_BIN) -m babel.messages.frontend -q update -i messages.pot -d civicforum/translations \
		--no-fuzzy-matching --ignore-obsolete --no-wrap
	$(MAKE) install

.PHONY: law-coverage
law-coverage: install-dev ## Write docs/law-coverage.md: each clause on elections, assemblies, deliberation, appraisals and disclosure, and its tests
	$(PYTHON_BIN) -m tools.law_coverage

.PHONY: screenshots
screenshots: install-dev chromium ## Take the pictures of the README from the running application
	$(PYTHON_BIN) -m bench.screenshots

.PHONY: bench-cost
bench-cost: install-dev ## Measure what each page costs as a community grows, and how fast a roll comes in (make bench-cost quick=1)
	$(PYTHON_BIN) -m bench.cost $(if $(quick),--quick)

.PHONY: bench-load
bench-load: install-dev ## Measure an election day in miniature beside a bare Flask page (make bench-load quick=1)
	@tools/once .venv-bench/stamp requirements-bench.txt -- $(MAKE) packages-bench
	$(PYTHON_BIN) -m bench.load $(if $(quick),--quick)

.PHONY: bench-counting
bench-counting: install-dev ## Measure counting beside other libraries and the read alone (make bench-counting quick=1)
	@tools/once .venv-bench/stamp requirements-bench.txt -- $(MAKE) packages-bench
	$(PYTHON_BIN) -m bench.counting $(if $(quick),--quick)

.PHONY: bench-polls
bench-polls: install-dev ## Measure how fast sealed ballots are taken, opened and checked (make bench-polls quick=1)
	$(PYTHON_BIN) -m bench.polls $(if $(quick),--quick)

.PHONY: bench-statements
bench-statements: install-dev ## Check tallies, groups and time of five published conversations
	$(PYTHON_BIN) -m bench.statements $(if $(quick),--quick)

.PHONY: bench-live
bench-live: install-dev ## Measure how fast a change of a meeting reaches 300 screens (make bench-live quick=1)
	$(PYTHON_BIN) -m bench.live $(if $(quick),--quick)

.PHONY: packages-bench
packages-bench:
	@echo "Installing the packages of requirements-bench.txt into .venv-bench."
	@$(PYTHON_BIN) -m venv --clear --without-pip .venv-bench
	@$(PYTHON_BIN) -m pip --python .venv-bench/bin/python install --quiet --disable-pip-version-check \
		--require-hashes -r requirements-bench.txt

.PHONY: locks
locks: install-dev ## Choose versions anew and lock them with their hashes
	$(PYTHON_BIN) -m piptools compile $(LOCK) --build-deps-for editable -o requirements.txt pyproject.toml
	$(PYTHON_BIN) -m piptools compile $(LOCK) --extra test --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(PYTHON_BIN) -m piptools compile $(LOCK) --extra bench -o requirements-bench.txt pyproject.toml
	$(PYTHON_BIN) -m piptools compile $(LOCK) -o requirements-node.txt requirements-node.in

LOCK := --upgrade --generate-hashes --allow-unsafe --strip-extras --quiet --no-header --no-config \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: venv
venv:
	@tools/venv
	@tools/once .venv/run.stamp requirements.txt pyproject.toml -- $(MAKE) packages

.PHONY: packages
packages:
	@echo "Installing the packages of requirements.txt into .venv."
	@$(PIP_INSTALL) --require-hashes -r requirements.txt
	@$(PIP_INSTALL) --no-deps --no-build-isolation --no-index --editable .

.PHONY: install-dev
install-dev: install tools-dev

.PHONY: tools-dev
tools-dev: venv
	@tools/once .venv/dev.stamp requirements-dev.txt -- $(MAKE) packages-dev

.PHONY: packages-dev
packages-dev:
	@echo "Installing the packages of requirements-dev.txt into .venv."
	@$(PIP_INSTALL) --require-hashes -r requirements-dev.txt

.PHONY: frontend
frontend: venv
	@tools/once civicforum/static/dist/.stamp frontend/src frontend/build.js frontend/package.json \
		frontend/package-lock.json tools/frontend tools/node -- tools/frontend

%.mo: %.po | venv
	@$(PYTHON_BIN) -m babel.messages.frontend --quiet compile --input-file $< --output-file $@
