"""Leaving by a message: the session is nobody's at once, and ends once the answer was read.

Ended in the very transaction of the answer, it could not fetch it any more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from bot.clock import now
from bot.identity.sessions import ABSOLUTE
from bot.store import WebSession

# To read one sentence; what was shown before is still on the page meanwhile.
ONE_LINE = timedelta(seconds=10)


def leave(session: Any, conversation_id: str, stays: timedelta = ONE_LINE) -> None:
    """Sign the conversation's sessions out; they end in `stays`, whatever is done with them."""
    here = WebSession.conversation_id == conversation_id
    _change(session, here, person_id=None, verified_at=None)
    # As old as a session gets, but for `stays`: nothing that is done makes it younger again.
    almost = now() - ABSOLUTE + stays
    _change(session, here, WebSession.created_at > almost, created_at=almost)


def _change(session: Any, *conditions: Any, **values: Any) -> None:
    session.execute(
        update(WebSession)
        .where(*conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
