"""Guards of pages (connectors/pages.py)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import jinja2

from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def escaping() -> Without:
    """Pages show texts as they are."""
    made, plainly = jinja2.Environment, {"autoescape": False}

    def environment(**how: Any) -> Any:
        return made(**{**how, **plainly})

    return instead((jinja2, "Environment", environment))
