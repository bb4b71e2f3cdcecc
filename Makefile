# `make compare` and `make test` set up everything they need in .venv; only Python 3.11 or newer and pip must be there.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: compare test lint types lock bench docs site calibration validation claims reference clean

compare: .venv/installed
	$(BIN)/twoclaims compare agreement-renewed agreement-ended --seeds 10

test: .venv/installed
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/mypy

# One tried version of every dependency with its hashes, for Python 3.11 to 3.13
PIN := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml
EXTRAS := --extra distributed --extra discovery --extra calibration --extra validation
lock: .venv/installed
	$(PYTHON) -m pip --python $(BIN)/python install --quiet uv
	$(BIN)/$(PIN) $(EXTRAS) --output-file requirements.lock
	$(BIN)/$(PIN) $(EXTRAS) --extra dev --output-file requirements-dev.lock

bench: .venv/installed
	$(BIN)/python -m benchmarks

docs: .venv/installed
	$(BIN)/python -m docs.build

# The documentation as a site that needs no network: open build/site/docs/index.html
site: .venv/installed
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -c docs/site . build/site

# Fits the parameters anew: about half an hour on two cores. After Ctrl-C: twoclaims calibrate --resume build/calibration
REFERENCE := results/reference
calibration: .venv/installed
	$(BIN)/twoclaims calibrate --workers 2 --out build/calibration
	rm -rf $(REFERENCE)/calibration
	cp -r build/calibration $(REFERENCE)/calibration
	rm -f $(REFERENCE)/calibration/history.db $(REFERENCE)/calibration/evaluations.jsonl $(REFERENCE)/calibration/figures/*.pdf
	cp $(REFERENCE)/calibration/posterior.csv $(REFERENCE)/posterior.csv
	$(BIN)/python -m docs.build

# Holds the model against the natural experiments: about a quarter of an hour on two cores
validation: .venv/installed
	$(BIN)/twoclaims validate --draws 15 --prior 15 --workers 2 --out build/validation
	rm -rf $(REFERENCE)/validation
	mkdir -p $(REFERENCE)/validation/figures
	cd build/validation && cp *.csv manifest.json ../../$(REFERENCE)/validation/
	cp build/validation/figures/patterns.png $(REFERENCE)/validation/figures/
	$(BIN)/python -m docs.build

# Judges the claims over all that is not known: about ten minutes on two cores. After Ctrl-C: twoclaims claims --resume build/claims
claims: .venv/installed
	$(BIN)/twoclaims claims --workers 2 --out build/claims
	rm -rf $(REFERENCE)/claims
	mkdir -p $(REFERENCE)/claims/figures
	cd build/claims && cp *.parquet *.json probabilities.csv boxes.csv ../../$(REFERENCE)/claims/
	cp build/claims/figures/claims.png $(REFERENCE)/claims/figures/
	$(BIN)/python -m docs.build

# All that is committed in results/reference, from the fit to the pages: about an hour on two cores. Where the
# fit moved, tests/experiments/test_calibration_reference.py names the defaults to take over before the next two steps.
reference: .venv/installed
	$(MAKE) calibration
	$(BIN)/python -m pytest -q tests/experiments/test_calibration_reference.py
	$(MAKE) validation
	$(MAKE) claims
	$(BIN)/python -m tests.regression.rebuild

# Made anew when pyproject.toml changes. Without a pip of its own, because some systems cannot give it one.
.venv/installed: pyproject.toml
	$(PYTHON) -m venv --clear --without-pip .venv
	$(PYTHON) -m pip --python $(BIN)/python install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
