"""Fixtures of the case tests."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.cases.importing import ImportResult, import_cases
from bot.store import Database
from tests.bot.cases.case_files import write_file

Load = Callable[..., ImportResult]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Load:
    """Import these records (or raw lines) from a file of their own."""
    numbers = count(1)

    def load(*lines: Any) -> ImportResult:
        path = write_file(tmp_path / f"cases-{next(numbers)}.jsonl", *lines)
        return import_cases(database, path)

    return load
