"""The guards that campaigns rely on, each taken out of the real code for as long as a block lasts.

What stands in a guard's place is what one would write who had not thought of it. Only tests can do
this: the product has no switch for any of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest import mock

Out = Callable[[], AbstractContextManager[Any]]


@contextmanager
def instead(*pieces: tuple[Any, str, Any]) -> Iterator[None]:
    """(whose, name, what stands there meanwhile)"""
    with ExitStack() as stack:
        for owner, name, other in pieces:
            stack.enter_context(mock.patch.object(owner, name, other))
        yield
