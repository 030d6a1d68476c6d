#!/usr/bin/env bash
# Make .venv (Python 3.10) and node_modules, unless they are already what the lock files say.
set -euo pipefail
cd "$(dirname "$0")/.."

find_python() {
  local candidate
  for candidate in python3.10 "$(pyenv prefix 3.10 2>/dev/null)/bin/python" \
    "$(pyenv root 2>/dev/null)"/versions/3.10.*/bin/python "$(uv python find 3.10 2>/dev/null || true)"; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  if command -v uv >/dev/null && uv python install -q 3.10; then
    uv python find 3.10
    return
  fi
  echo "Python 3.10 was not found (Rasa runs on no newer one). Install it as python3.10, with pyenv, or with uv." >&2
  echo "Python 3.10 est introuvable (Rasa n'accepte pas de version plus récente). Installez-le sous le nom python3.10, avec pyenv ou avec uv." >&2
  exit 1
}

# A stamp says from which lock files the folder was made.
stamp() { sha256sum "$@" | sha256sum | cut -c1-16; }

want=$(stamp requirements-dev.txt)
if [ "$(cat .venv/.stamp 2>/dev/null)" != "$want" ]; then
  python=$(find_python)
  echo "Installing the Python packages (a few minutes the first time) / Installation des paquets Python (quelques minutes la première fois)…" >&2
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  if command -v uv >/dev/null; then
    uv pip sync -q --python .venv/bin/python --require-hashes requirements-dev.txt
  else
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
  fi
  echo "$want" > .venv/.stamp
fi

want=$(stamp package-lock.json)
if [ "$(cat node_modules/.stamp 2>/dev/null)" != "$want" ]; then
  if ! command -v npm >/dev/null; then
    echo "npm was not found: install Node.js 18 or newer (the page's components come from npm)." >&2
    echo "npm est introuvable : installez Node.js 18 ou une version plus récente (les composants de la page viennent de npm)." >&2
    exit 1
  fi
  echo "Installing the page components / Installation des composants de la page…" >&2
  npm ci --ignore-scripts --omit=dev --omit=optional --no-audit --no-fund --loglevel=error >&2
  echo "$want" > node_modules/.stamp
fi
