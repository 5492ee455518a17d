# `make` alone lists the targets. Only Python >= 3.12, make and git are needed beforehand.

.DEFAULT_GOAL := help
.PHONY: help setup run demo test lint eval hostile train-reader train-pairs faults bench-load format schema lock
PYTHON := .venv/bin/python
UV := uv==0.13.9
SNAPSHOT := .venv/openapi.yaml

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' Makefile

setup: .venv/.with-tools ## make .venv with everything that running, testing and checking need

run: .venv/.with-packages ## run the service until Ctrl-C (PORT, HOST and CLAIMTRACK_DATA say where)
	@exec $(PYTHON) manage.py up

demo: .venv/.with-packages ## run the service with the demo story loaded
	@exec $(PYTHON) manage.py up --demo

test: .venv/.with-tools ## run all tests, on a PostgreSQL of their own
	@exec $(PYTHON) -m pytest

lint: .venv/.with-tools ## check form, types, imports, migrations and the API schema; changes nothing
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -W "ignore:Got an error checking a consistent migration history:RuntimeWarning" \
		manage.py makemigrations --check --dry-run
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file $(SNAPSHOT)
	@git diff --no-index --exit-code openapi.yaml $(SNAPSHOT) \
		|| { echo 'openapi.yaml is not the schema of this code: `make schema` writes it.'; exit 1; }

eval: .venv/.with-tools ## score reader and matcher on our own sets, the reader on DATA=articles.jsonl, the search on MATCHING=folder
	@$(PYTHON) -m bench.reading $(if $(DATA),--data $(DATA)) $(if $(ENGINE),--engine $(ENGINE))
	@$(PYTHON) -m bench.matching
	@$(PYTHON) -m bench.matching.clef $(if $(MATCHING),--data $(MATCHING))
	@$(PYTHON) -m bench.matching.vitaminc $(if $(MATCHING),--data $(MATCHING))
	@$(PYTHON) -m bench.matching.sick $(if $(MATCHING),--data $(MATCHING))

hostile: .venv/.with-tools ## read ten thousand random and hostile texts: nothing breaks, spans are right, time is linear (minutes)
	@exec $(PYTHON) -m bench.reading.hostile $(if $(ENGINE),--engine $(ENGINE))

train-reader: .venv/.with-tools ## train the reader's network on DATA=articles.jsonl, in an environment of its own (an hour)
	@exec bench/reader/run "$(DATA)" $(OPTIONS)

train-pairs: .venv/.with-tools ## train the matcher's pair network on DATA=folder, in the same environment, and score it (an hour)
	@exec bench/pairs/run "$(DATA)" $(OPTIONS)

faults: .venv/.with-tools ## kill, empty and freeze parts of a running service, and show that nothing is lost (minutes)
	@exec $(PYTHON) -m bench.faults

bench-load: .venv/.with-tools ## load a million claims (or CLAIMS=20000), and measure the search among them (an hour at most)
	@exec $(PYTHON) -m bench.load $(if $(CLAIMS),--claims $(CLAIMS))

format: .venv/.with-tools ## bring the code into form
	$(PYTHON) -m ruff check --fix
	$(PYTHON) -m ruff format

schema: .venv/.with-tools ## write openapi.yaml, the snapshot of the API's schema
	$(PYTHON) manage.py spectacular --validate --fail-on-warn --file openapi.yaml

COMPILE = $(PYTHON) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.12

lock: .venv/.with-tools ## write requirements.txt and requirements-dev.txt from pyproject.toml
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

# A file that stands for "what this lock names is installed".
.venv/.with-packages: requirements.txt | $(PYTHON)
	@$(call install,requirements.txt)
	@touch $@

.venv/.with-tools: requirements-dev.txt requirements.txt | $(PYTHON)
	@$(call install,requirements-dev.txt)
	@touch .venv/.with-packages $@

# uv where it can be had and reaches the packages, else pip; both check the hashes.
define install
	echo "Installing the packages of $(1)"; \
	pip="$(PYTHON) -m pip --disable-pip-version-check"; \
	{ $$pip show --quiet uv || $$pip install --quiet $(UV); } >/dev/null 2>&1 \
		&& $(PYTHON) -m uv pip install --quiet --python $(PYTHON) --require-hashes -r $(1) \
		|| { echo "uv could not install them; trying pip"; $$pip install --quiet --require-hashes -r $(1); }
endef

# A Python counts when it runs: the shims of version managers may name one that does not.
$(PYTHON):
	@for python in python3.13 python3.12 python3.14 python3 \
		"$$HOME"/.pyenv/versions/3.13*/bin/python3 "$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3; do \
		if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; \
		then rm -rf .venv; exec "$$python" -m venv .venv; fi; \
	done; \
	echo 'claimtrack needs Python 3.12 or newer with its venv module, and found none on PATH or in ~/.pyenv:' \
		'install one, for example with `apt install python3 python3-venv` or `pyenv install 3.13`.' >&2; \
	exit 1
