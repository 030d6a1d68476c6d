#!/usr/bin/env bash
# Headless Chromium for the browser tests, through apt where that is possible; without it they are skipped by name.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium for the browser tests / Installation de Chromium pour les essais dans le navigateur…" >&2
  { apt-get update -q && apt-get install -y -q --no-install-recommends chromium; } >/tmp/passage-chromium.log 2>&1 && exit 0
fi
echo "Chromium is not there: the browser tests will be skipped / Chromium est absent : les essais dans le navigateur seront sautés" >&2
exit 0
