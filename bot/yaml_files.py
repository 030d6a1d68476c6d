"""Reads our YAML files with the C loader: the same rules as safe_load, several times quicker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def read_yaml(path: Path) -> Any:
    """The content of a UTF-8 YAML file."""
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
