"""Findings that belong together are said once."""

from __future__ import annotations

from bot.audit.finding import Finding, merged


def test_neighbours_of_one_kind_are_one_finding() -> None:
    found = [Finding("a", 1, 1), Finding("a", 2, 2), Finding("b", 3, 3), Finding("b", 5, 5)]
    assert list(merged(found)) == [Finding("a", 1, 2), Finding("b", 3, 3), Finding("b", 5, 5)]
    assert list(merged([])) == []
