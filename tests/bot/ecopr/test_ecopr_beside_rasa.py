"""The PDF's font comes from a package that the engine's process answers with an empty stand-in."""

from __future__ import annotations

import subprocess
import sys

_PRINT = """
from bot.engine import lean
lean.install()
from bot.ecopr import make_ecopr
from tests.bot.ecopr.confirmations import ADULT, opened
assert len(opened(make_ecopr(ADULT)).pages) == 1
"""


def test_it_prints_also_where_the_stand_ins_of_the_engine_are_in_place() -> None:
    # A process of its own: the stand-ins cannot be taken back.
    run = subprocess.run([sys.executable, "-c", _PRINT], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
