"""The different values of a group as one text: each database has a function of its own for it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class joined(FunctionElement):  # type: ignore[misc,unused-ignore]
    """The different values of an expression in a group, with commas between them, in no order; null
    when there are none but nulls. The values have no comma in them."""

    type = Text()
    inherit_cache = True


@compiles(joined, "sqlite")
def _sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"group_concat(DISTINCT {compiler.process(element.clauses, **options)})"


@compiles(joined, "postgresql")
def _postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"string_agg(DISTINCT {compiler.process(element.clauses, **options)}, ',')"
