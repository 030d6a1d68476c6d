"""The database's own clock: what decides whether a code still works, whoever asks.

The clocks of several machines differ, and a machine's own may be set back; codes and locks follow
the one clock that all of them share.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from bot.store.base import UtcDateTime


class database_now(FunctionElement):  # type: ignore[misc,unused-ignore]
    """This moment in UTC, by the database's clock, for use in a statement."""

    type = UtcDateTime()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite(element: Any, compiler: Any, **_: Any) -> str:
    return "strftime('%Y-%m-%d %H:%M:%f000', 'now')"  # as SQLAlchemy stores a moment there


@compiles(database_now, "postgresql")
def _postgresql(element: Any, compiler: Any, **_: Any) -> str:
    return "timezone('utc', clock_timestamp())"


def read_clock(session: Any) -> datetime:
    """This moment by the database's clock."""
    moment: datetime = session.scalar(select(database_now()))
    return moment
