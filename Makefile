# make setup | run | test | test-deep | gas | bench | bench-backend | console | slither | proofs | mutants | verify-exact | lock | clean
# Everything is installed into this folder (.venv, node_modules), and no environment has to be activated.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# py-solc-x looks for the compiler in this folder.
export SOLCX_BINARY_PATH := $(CURDIR)/scripts/solc
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(PATH)
export PYTHON
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

PIP_INSTALL := -m pip install --quiet --disable-pip-version-check
PYTEST := pytest -n 2 --dist loadgroup -p no:ape_test
FORGE_TEST := forge test --no-match-path 'tests/solidity/gas/*'
UV_COMPILE := uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links

.PHONY: help setup run test test-style compiled-tests compiled-gas-tests test-contracts test-python test-deep gas bench bench-backend console slither proofs mutants verify-exact lock clean

help:
	@head -n 2 Makefile | cut -c 3-

setup: .venv/.installed node_modules/.installed
	@.venv/bin/python -m liandong.chain.compile

run: setup
	@liandong run

# Both cores are kept busy: first with all that has to be compiled, then with what runs.
test: .venv/.installed node_modules/.installed
	@scripts/install_browser
	@$(MAKE) --no-print-directory -j 3 setup test-style compiled-tests compiled-gas-tests
	@$(MAKE) --no-print-directory -j 2 test-contracts test-python

test-style:
	ruff check .
	ruff format --check .
	lint-imports --no-cache

compiled-tests:
	@$(FORGE_TEST) --list >/dev/null

compiled-gas-tests:
	@FOUNDRY_PROFILE=gas forge test --list >/dev/null

test-contracts:
	$(FORGE_TEST)
	FOUNDRY_PROFILE=gas forge test

test-python:
	$(PYTEST)

test-deep: setup proofs slither mutants verify-exact
	FOUNDRY_PROFILE=deep $(FORGE_TEST)
	LIANDONG_HISTORIES=5000 LIANDONG_MIRRORED=200 $(PYTEST) --hypothesis-profile=deep \
		--seeds 40 --every-write --every-contract --generated 100
	$(PYTEST) --every-node -k hardhat --seeds 20 --every-write tests/outbox tests/mirror tests/http_histories \
		tests/simulation/test_cases_on_contracts.py

# Measures every row of docs/gas.md anew, and writes snapshot and page.
gas: setup
	FOUNDRY_PROFILE=gas GAS_SNAPSHOT=write forge test --threads 1
	python scripts/gas_report.py

# 100 000 agents and 200 000 orders on the embedded chain: some minutes. For less: python scripts/bench_scale.py --help
bench: setup
	python scripts/bench_scale.py --write docs/benchmarks.md

# The backend's figures; wants a quiet machine for half an hour.
BACKEND_PAGE := docs/benchmarks-backend.md
bench-backend: setup
	python scripts/bench_history.py --write $(BACKEND_PAGE)
	python scripts/bench_latency.py --write $(BACKEND_PAGE)
	python scripts/bench_settling.py --write $(BACKEND_PAGE)
	python scripts/bench_reading.py --write $(BACKEND_PAGE)
	python scripts/bench_pages.py --write $(BACKEND_PAGE)

console: setup
	@scripts/ape console --network ethereum:local:foundry

slither: setup
	FOUNDRY_PROFILE=slither slither .

# The lemmas over the integers, then what rests on them, of the bytecode.
proofs: setup .venv-proofs/.installed
	.venv-proofs/bin/z3 tests/solidity/proofs/lemmas.smt2 | awk '{ print } /^(sat|unknown|timeout|\(error)/ { bad = 1 } END { exit bad }'
	FOUNDRY_TEST=tests/solidity/proofs .venv-proofs/bin/halmos --match-contract 'Proof$$'

# Would the tests notice? Changes the split, the batch tree and settling, one place at a time.
mutants: setup
	python scripts/mutants.py --sample 150

# Is what gets deployed what the published sources say? Asked with Sourcify's own library, without a network.
verify-exact: setup
	python scripts/verify_deployment.py

# Anew from pyproject.toml and package.json; for maintainers, with uv at hand (pip install uv).
lock:
	$(UV_COMPILE) --upgrade --group dev pyproject.toml -o requirements-dev.lock
	$(UV_COMPILE) --upgrade --constraint requirements-dev.lock pyproject.toml -o requirements.lock
	$(UV_COMPILE) --upgrade --group proofs -o requirements-proofs.lock
	rm -rf node_modules package-lock.json
	npm install --package-lock-only
	node scripts/trim_npm_lock.mjs

clean:
	rm -rf .venv .venv-proofs node_modules out cache .build .ape backend/liandong/chain/artifacts

.venv/.installed: requirements-dev.lock pyproject.toml
	@.venv/bin/python -c '' 2>/dev/null || scripts/make_venv .venv
	@echo "installing Python packages (a minute or two the first time)"
	@.venv/bin/python $(PIP_INSTALL) --require-hashes -r requirements-dev.lock
	@.venv/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

.venv-proofs/.installed: requirements-proofs.lock
	@.venv-proofs/bin/python -c '' 2>/dev/null || scripts/make_venv .venv-proofs
	@.venv-proofs/bin/python $(PIP_INSTALL) --require-hashes -r requirements-proofs.lock
	@touch $@

node_modules/.installed: package-lock.json package.json .npmrc
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null || \
	{ echo "error: Node.js 20 or newer is needed; found: $$(node --version 2>&1 || true)" >&2; exit 1; }
	@echo "installing npm packages"
	@npm ci --silent
	@forge --version >/dev/null && anvil --version >/dev/null || \
	{ echo "error: npm carries Foundry for Linux x86-64; on other machines install Foundry 1.7.1 first" >&2; exit 1; }
	@touch $@
