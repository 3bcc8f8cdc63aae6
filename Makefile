# Thin words over the tools. `make` alone lists them.
.DEFAULT_GOAL := help
BIN := .venv/bin
PIN := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
LOCK := $(PIN) pyproject.toml

.PHONY: help setup up down client docs packages test lint starts types typescript ladder generate generated contracts schema migrations \
	deployment locks verify bench chaos soak lock clean dev

help: ## List the words
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv and install what the lock pins
	@tools/setup.sh

dev: # setup, and what tests and checks need
	@tools/setup.sh requirements-dev.lock

client: ## Build the chat page, where it changed
	@tools/client.sh

docs: dev ## Build the documentation, where it changed
	@tools/docs.sh

packages: dev # what the chat page is made with
	@tools/client.sh packages

up: setup ## Start the whole system; ARGS="--port 0 --workers 4" go to `coach up`
	@tools/client.sh || echo "Going on without a new chat page." >&2
	@tools/docs.sh || echo "Going on without new documentation." >&2
	@$(BIN)/coach up $(ARGS)

down: setup ## End it, from another terminal
	@$(BIN)/coach down $(ARGS)

test: dev client docs ## Run every test, three at a time; ARGS="-k lane" go to pytest
	@$(BIN)/pytest --numprocesses=3 --dist=worksteal $(ARGS)

verify: lint starts types typescript docs ladder generated contracts schema migrations deployment locks ## Check everything that is no test

lint: dev ## Check the style (ruff)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

starts: dev # what an action consists of loads; where it does not, nothing below can be checked
	@$(BIN)/python -m tools.starts

types: starts ## Check the types (mypy, strict)
	$(BIN)/mypy

typescript: packages # the chat page's style (Biome) and types (tsc), the documentation's types
	tools/client.sh run npm run --silent check
	tools/docs.sh run npm run --silent check

ladder: starts # which module may import which
	$(BIN)/lint-imports --no-logo

generate: starts packages ## Write the generated files anew
	$(BIN)/python -m tools.generate

generated: starts packages # they are up to date
	$(BIN)/python -m tools.generate --check

contracts: starts # what handlers do, that nothing is made by hand that is derived, and that each action has its page
	$(BIN)/pytest --quiet $(addprefix tests/contracts/test_,handlers.py thirteen_places.py action_pages.py)

schema: starts # strict outputs take what a model is asked for; how large it is
	@$(BIN)/python -m tools.response_schema

migrations: starts # so are they; no database is needed
	$(BIN)/python -W ignore::RuntimeWarning -m server.manage makemigrations --check --dry-run

deployment: dev # Dockerfile and docker-compose.yml, without an engine
	$(BIN)/python -m tools.deployment

locks: dev # they pin what pyproject.toml asks for
	$(BIN)/python -m tools.locks

bench: dev ## Measure, side by side with peers; ARGS go to the bench
	@$(BIN)/python -m bench $(ARGS)

chaos: dev ## Random programs while everything is killed at random; MINUTES=10
	@$(BIN)/python -m tests.chaos --minutes $(or $(MINUTES),10) $(ARGS)

soak: dev ## A steady load, and what it leaves behind; MINUTES=30
	@$(BIN)/python -m tests.soak --minutes $(or $(MINUTES),30) $(ARGS)

lock: dev ## Pin the dependencies anew; ARGS="--upgrade" takes newer ones (asks the package registry)
	$(LOCK) --extra local --group install --output-file requirements.lock $(ARGS)
	$(LOCK) --extra local --group dev --output-file requirements-dev.lock $(ARGS)
	$(LOCK) --group install --output-file requirements-image.lock $(ARGS)
	$(PIN) --group node --output-file requirements-node.lock $(ARGS)
	for place in client docs; do tools/$$place.sh node npm $(if $(filter --upgrade,$(ARGS)),update,install) --package-lock-only || exit; done
	@$(BIN)/python -m tools.locks

clean: ## Remove .venv and every cache; data in .coach stays
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf client/node_modules client/dist client/.dist* client/.building*
	rm -rf docs/node_modules docs/dist docs/.dist* docs/.building* docs/.docusaurus
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
