# What a contributor runs. `make check` is what every change must pass; CI runs the same script.

python = .venv/bin/python

.PHONY: check test lint docs catalogs soak release-check

check:
	.ci/run

test: .venv
	$(python) -m pytest -q -n auto

lint: .venv
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy

docs: .venv
	.venv/bin/sphinx-build -q -n -W --keep-going -b html docs docs/_build/html

# After a sentence was added or changed: brings the catalogs of translations up to date.
catalogs: .venv
	$(python) tests/language/make_catalogs.py

# Long runs.
soak: .venv
	$(python) tests/fuzz/run.py 20000
	$(python) tests/fuzz/attack.py 10000
	$(python) tests/soak/kill_loop.py 100
	$(python) tests/soak/watch_loop.py 2000
	@if [ "$$(id -u)" = 0 ]; then $(python) tests/soak/full_disk.py 60; fi

release-check:
	.ci/release

.venv:
	python3 -m venv .venv
	.venv/bin/pip install -q -e '.[dev]'
