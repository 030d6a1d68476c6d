"""What removing a batch means: rows, conversations with all that is in them, people's names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update

from bot.audit.pruning import prune
from bot.store import (
    Challenge,
    Choice,
    Contact,
    Conversation,
    Handoff,
    HandoffNote,
    Inbox,
    Kept,
    LandingPapers,
    Line,
    Misheard,
    Person,
    Photo,
    PostalAddress,
    Preference,
    Rating,
    Remark,
    TrackerEvent,
    UploadLink,
    WebSession,
    keys_of,
)
from bot.store.cases import DETAILS, person_columns

# Everything that hangs on a conversation; rows of a new table that does belong here. What refers to
# another of them comes before it.
IN_A_CONVERSATION = (
    Line, Inbox, Choice, TrackerEvent, Misheard, Kept, Challenge, WebSession, UploadLink,
    HandoffNote, Rating, Remark, Handoff,
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Rows that are due at `moment`, since they are from before `cutoff`: the values of their
    `key` columns, and the conditions (`due`) that they must still meet when they are removed."""

    key: tuple[Any, ...]
    values: Sequence[tuple[Any, ...]]
    due: Sequence[Any]
    moment: datetime
    cutoff: datetime

    @property
    def table(self) -> Any:
        return self.key[0].class_

    @property
    def conditions(self) -> list[Any]:
        return [tuple_(*self.key).in_(self.values), *self.due]


Removal = Callable[[Any, Batch], int]


def remove_rows(session: Any, batch: Batch) -> int:
    """Delete the rows; returns how many there were."""
    return delete_where(session, batch.table, *batch.conditions)


def remove_conversations(session: Any, batch: Batch) -> int:
    """Delete the conversations with everything in them. One that is locked is in use: the next
    purge looks at it again."""
    ids = session.scalars(
        select(Conversation.id).where(*batch.conditions).with_for_update(skip_locked=True)
    ).all()
    for table in IN_A_CONVERSATION:
        delete_where(session, table, table.conversation_id.in_(ids))
    return delete_where(session, Conversation, Conversation.id.in_(ids))


def remove_photos(session: Any, batch: Batch) -> int:
    """Delete the photos; the papers of the landing no longer name them."""
    ids = session.scalars(select(Photo.id).where(*batch.conditions)).all()
    session.execute(
        update(LandingPapers)
        .where(LandingPapers.photo_id.in_(ids))
        .values(photo_id=None)
        .execution_options(synchronize_session=False)
    )
    return delete_where(session, Photo, Photo.id.in_(ids))


def remove_wishes(session: Any, batch: Batch) -> int:
    """Delete what these people wish, the choices with the rest."""
    people = select(Contact.person_id).where(*batch.conditions)
    delete_where(session, Preference, Preference.person_id.in_(people))
    return remove_rows(session, batch)


def erase_people(session: Any, batch: Batch) -> int:
    """Empty the rows. The row itself stays: the history of applications may refer to its number,
    which says nothing by itself. Its version moves on, so that it is not found again."""
    nobody = person_columns(keys_of(session), dict.fromkeys(DETAILS))
    ids = select(Person.id).where(*batch.conditions)
    delete_where(session, PostalAddress, PostalAddress.person_id.in_(ids))
    erased = session.execute(
        update(Person)
        .where(*batch.conditions)
        .values(**nobody, as_of=batch.moment)
        .execution_options(synchronize_session=False)
    )
    return int(erased.rowcount)


def prune_audit(session: Any, batch: Batch) -> int:
    """Cut off the chain's beginning, whole: it is verified before, which is not done by pieces.

    Raises:
        AuditBroken: the trail was tampered with, and nothing of it goes.
    """
    return prune(session, batch.cutoff)


def delete_where(session: Any, table: Any, *conditions: Any) -> int:
    """Delete the rows of `table` that meet the conditions; returns how many there were."""
    deleted = session.execute(
        delete(table).where(*conditions).execution_options(synchronize_session=False)
    )
    return int(deleted.rowcount)
