# `make demo` drafts the example's export, `make test` runs the tests; both set up all they need in .venv.
# `make fuzz SECONDS=3600` tries random inputs on masking, mining, Markdown and files.
# `make test-server` drafts against llama.cpp's server; the first time it builds that in .server (cmake, a compiler, 15 minutes, 7 GB).
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := .demo/export.md
SERVER := .server
SECONDS ?= 600
EXAMPLE := examples/orders-service

.PHONY: demo test test-server check bench fuzz clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/.ready
	@mkdir -p .demo
	@$(BIN)/assistant draft-export $(EXAMPLE)/failing-test.log --repo $(EXAMPLE) --offline --force -o $(DEMO)
	@$(BIN)/assistant check --allow-drafts $(DEMO) > .demo/check.txt
	@echo "The export is $(DEMO); what a person still has to fill or confirm is listed in .demo/check.txt"

test: $(VENV)/.ready
	$(BIN)/python -m pytest -q -n auto

test-server: $(VENV)/.ready
	$(BIN)/python tests/server/build.py $(SERVER)
	TEST_SERVER=$(SERVER) $(BIN)/python -m pytest -q -m server tests/server

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/masking.py

fuzz: $(VENV)/.ready
	$(BIN)/python benchmarks/fuzz.py --seconds $(SECONDS)

clean:
	rm -rf $(VENV) .demo dist build
