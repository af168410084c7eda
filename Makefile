# `make demo` and `make test` need Python 3.11 or later and make; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: demo test soak bench docs lint types ontology clean

demo: $(VENV)/installed
	@$(BIN)/aidgraph ask helpers-of-area --area 疏勒县 --why

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal

soak: $(VENV)/installed-dev  # hours: more examples of every property, more rows, more kills
	AIDGRAPH_KILLS=500 AIDGRAPH_ROWS=1000 $(BIN)/python -m pytest --hypothesis-profile=soak

bench: $(VENV)/installed
	$(BIN)/python benchmarks/answer.py

docs: $(VENV)/installed  # docs/questions.md, after a change to questions or facts
	$(BIN)/python tests/questions_page.py

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/installed-dev
	$(BIN)/mypy

ontology: $(VENV)/installed  # needs Java and Maven
	.ci/check_ontology.sh $(BIN)

clean:
	rm -rf $(VENV) .aidgraph

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "aidgraph needs Python 3.11 or later: name one with make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make a virtual environment: on Debian or Ubuntu, install python3-venv." >&2; exit 1; }

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/installed $@
