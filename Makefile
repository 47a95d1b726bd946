# One door for developers. Every target sets up what it needs: a fresh clone needs only Python 3.11.
PYTHON ?= python3.11
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
FOLDER ?=
DIST   ?= dist
export PYINSTALLER_CONFIG_DIR ?= $(CURDIR)/build/cache
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: setup run test lint format types bench screenshots reference translations build build-light build-test icon lock clean help

help:            ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/:/'

setup: $(STAMP)  ## make .venv with pinned versions

$(STAMP): pyproject.toml constraints.txt
	@echo "Setting up $(VENV) with pinned versions (a few minutes, about 2 GB the first time) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[train,baselines,distributed,tensorboard,dev]'
	@touch $(STAMP)
	@echo "Set up: $$($(BIN)/python --version), $$($(BIN)/python -c 'import onnxruntime as o; print("ONNX Runtime", o.__version__)')."

run: $(STAMP)    ## open the window (FOLDER=... to open your own faces); with no display, do it offscreen and save a screenshot
	@$(BIN)/python scripts/run.py $(if $(FOLDER),"$(FOLDER)")

test: $(STAMP)   ## lint, types and every test
	@echo "Checking style and types ..."
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@echo "Running the tests ..."
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: $(STAMP)   ## style and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## rewrite the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(STAMP)  ## measure scoring and training against the reference ways, each in one run
	$(BIN)/python -m benchmarks.scoring
	$(BIN)/python -m benchmarks.training
	$(BIN)/python -m benchmarks.training_step

screenshots: $(STAMP)  ## make the pictures of docs/images on the sample faces, without a display
	@PYTHONPATH=. $(BIN)/python scripts/screenshots.py

reference: $(STAMP)    ## make the guide's pages that come from the code
	@$(BIN)/python scripts/reference.py

translations: $(STAMP) ## read the window's strings, merge and compile the languages
	@$(BIN)/python scripts/translations.py

BUILDER := $(VENV)/.builder

$(BUILDER): $(STAMP)
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[build]'
	@touch $(BUILDER)

build: $(BUILDER)  ## the one-folder program for curators, with every depth of retraining
	FIQA_BUILD=full $(BIN)/python -m PyInstaller --noconfirm --workpath build/full --distpath $(DIST) fiqa-desktop.spec

build-light: $(BUILDER)  ## the same without torch: scores, labels, exchange, Calibrate, Personalise
	FIQA_BUILD=light $(BIN)/python -m PyInstaller --noconfirm --workpath build/light --distpath $(DIST) fiqa-desktop.spec

build-test: $(STAMP)  ## both builds go through a curator's day where there is no Python; prints sizes and start-up times
	@$(BIN)/python -m building.smoke $(DIST)

icon: $(STAMP)   ## draw the icon for every system from its SVG
	@PYTHONPATH=. $(BIN)/python scripts/make_icon.py

lock:            ## renew constraints.txt from the present .venv
	@{ sed -n '1,3p' constraints.txt; $(BIN)/python -m pip freeze | grep -viE '^(-e|\#|fiqa|torch==|torchvision==)'; } > constraints.new
	@mv constraints.new constraints.txt

clean:           ## remove what was built (never your libraries)
	rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache
