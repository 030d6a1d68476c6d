"""The whole suite without browsers, each test of which also looks for personal values in the clear
(tests/support/canary_suite.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.campaigns.outcome import Outcome

# The campaigns have canaries of their own; a browser adds nothing to what is kept. A test that
# imports thousands of people may take longer to be searched than any test may take by itself.
COMMAND = (
    "-m", "pytest", "-q", "-p", "tests.support.canary_suite", "-n", "2", "--dist", "loadgroup",
    "--timeout=1200", "-m", "not browser", "--ignore=tests/campaigns", "--ignore=tests/browser",
    "tests",
)  # fmt: skip


def suite_with_canaries(seed: int) -> Outcome:
    """The seed is not used: nothing in it is left to chance."""
    outcome = Outcome("canaries in the whole suite", seed)
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "CANARY_FIGURES": folder}
        done = subprocess.run([sys.executable, *COMMAND], env=environ, check=False)
        figures = Counter[str]()
        for path in Path(folder).glob("*.json"):
            figures.update(json.loads(path.read_text()))
    outcome.figures = dict(figures)
    if done.returncode != 0:
        outcome.failures.append(f"pytest ended with {done.returncode}, its output is above")
    return outcome
