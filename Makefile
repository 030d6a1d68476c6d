# Passage. `make run` serves, `make test` is what a contributor runs; `make help` lists the rest.
SHELL := /bin/bash
BIN := .venv/bin
PY := $(BIN)/python
export RASA_TELEMETRY_ENABLED := false
export PASSAGE_HOME ?= ./var

.DEFAULT_GOAL := help
.PHONY: help setup run test lint train bench prove understand contract lock clean format

help:  ## This list / Cette liste
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup:  ## Environment, page components / Environnement, composants de la page
	@scripts/setup.sh

run: setup  ## Serve until Ctrl-C, with demo cases / Servir jusqu'à Ctrl-C, avec des dossiers d'essai
	@PASSAGE_DEMO=1 $(PY) -m bot serve

train: setup  ## Train the model if it is stale / Entraîner le modèle s'il n'est plus à jour
	@$(PY) -m bot train

lint: setup  ## ruff and mypy / ruff et mypy
	@$(BIN)/ruff check --output-format concise .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup  ## Bring the code into its usual form / Mettre le code en forme
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

test: setup lint train  ## Everything a contributor runs / Tout ce que lance un contributeur
	@scripts/chromium.sh
	@$(BIN)/pytest tests -n 2 --dist loadgroup

understand: setup train  ## How well it understands, as a table and a picture / Ce qu'elle comprend, en tableau et en image
	@$(PY) -m tests.understanding

prove: setup train  ## The long campaigns, with a report / Les longues campagnes, avec un rapport
	@scripts/chromium.sh
	@$(PY) -m tests.campaigns --report reports/prove.md

bench: setup train  ## Speed and memory, beside the peer / Vitesse et mémoire, à côté du pair
	@$(PY) -m bench

contract: setup  ## Requests against the providers' descriptions / Requêtes selon les fournisseurs
	@$(PY) -m tests.contract

lock:  ## Write the lock files anew (needs uv) / Réécrire les fichiers de verrouillage
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements.in -o requirements.txt
	@uv pip compile -q --python-version 3.10 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:  ## Remove what was built and the demo's state / Effacer ce qui a été construit et l'état de la démo
	@rm -rf .venv node_modules var models/passage.* reports .rasa
