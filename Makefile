# Every target makes .venv when it is not there; `make run` and `make test` are all the set-up there is.
PYTHON ?= python3
TESTS ?= tests notebooks
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check

.PHONY: run demo test lint bench notebooks lock clean

run: .venv/run          ## Everything, on http://127.0.0.1:8765
	.venv/bin/hune run

demo: .venv/run         ## A small world without network
	.venv/bin/hune demo

test: .venv/dev         ## All tests and notebooks, on all cores
	.venv/bin/python -m pytest -n auto --dist loadfile --nbmake $(TESTS)

lint: .venv/dev         ## Style and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

bench: .venv/dev        ## What is fast, against what
	for file in benchmarks/bench_*.py; do .venv/bin/python $$file || exit 1; done

notebooks: .venv/dev    ## Run the notebooks and keep their outputs (NOTEBOOKS=…: some of them)
	.venv/bin/python notebooks/execute.py $(NOTEBOOKS)

lock:                   ## Choose versions again (needs uv)
	uv pip compile pyproject.toml --extra build --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
	    --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --no-header --upgrade -c requirements.lock -o requirements-dev.lock

clean:                  ## Away with what was installed
	rm -rf .venv

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Hune needs Python 3.11 or later")'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python requirements.lock pyproject.toml
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@# pip compiles what it installs, but not what it leaves in place: each start would, where Python may not write.
	.venv/bin/python -m compileall -q watch api
	@touch .venv/run

.venv/dev: .venv/run requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch .venv/dev
