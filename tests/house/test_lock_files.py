"""The lock files pin everything by hash and carry no address of a registry."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_python_package_is_pinned_with_a_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^[a-zA-Z0-9._-]+(?:\[[^\]]*\])?==\S+ \\\n    --hash=sha256:", text, re.M)
    listed = re.findall(r"^[a-zA-Z0-9._-]+(?:\[[^\]]*\])?==", text, re.M)
    assert len(listed) > 50
    assert len(pinned) == len(listed)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json"])
def test_no_lock_file_carries_an_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert not re.search(r'--(?:extra-)?index-url|"resolved"\s*:', text)
    if name.endswith(".txt"):
        assert "://" not in text


def test_the_page_packages_are_pinned_exactly() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]
    assert wanted
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
