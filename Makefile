# `make demo` drafts the example's export, `make test` runs the tests; both set up all they need in .venv.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := .demo/export.md
EXAMPLE := examples/orders-service

.PHONY: demo test check bench clean

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
	$(BIN)/python -m pytest -q

check: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/startup.py

clean:
	rm -rf $(VENV) .demo dist build
