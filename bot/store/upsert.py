"""INSERT … ON CONFLICT, which both databases have and SQLAlchemy 1.4 offers for each apart."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite


def upsert(session: Any, table: Any) -> Any:
    """An INSERT into the mapped `table` that takes on_conflict_do_nothing or …_do_update."""
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return kind.insert(table.__table__)
