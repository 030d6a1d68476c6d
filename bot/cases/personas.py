"""stub"""

from typing import Any


def demo_cases() -> list[dict[str, Any]]:
    return []


def demo_people() -> list[dict[str, Any]]:
    return []
