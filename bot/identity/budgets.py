"""How often something may be tried, counted in the database: by person, conversation and address.

Counting in memory or in the conversation's slots would begin anew with a restart, a new cookie or
another front. Each count is one conditional UPDATE, so that parallel tries cannot slip through
(knowledge: security, T03-T05).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, delete, or_, select, update

from bot.store import Tally, keys_of
from bot.store.moments import read_clock
from bot.store.upsert import upsert

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


@dataclass(frozen=True)
class Budget:
    """At most `most` tries of one `kind` for one subject within `window` of the first."""

    kind: str
    most: int
    window: timedelta


@dataclass(frozen=True)
class Budgets:
    """What one conversation, network and person may try. Details over the person's budget are
    answered like any others, but not looked at."""

    by_conversation: Budget = Budget("details.conversation", 5, HOUR)
    by_network: Budget = Budget("details.network", 30, HOUR)
    by_person: Budget = Budget("details.person", 10, DAY)
    codes: tuple[Budget, ...] = (Budget("codes.hour", 3, HOUR), Budget("codes.day", 10, DAY))
    # Only who is signed in can ask for these; a parent may act for several children in a sitting.
    change_codes: tuple[Budget, ...] = (
        Budget("codes.change.hour", 10, HOUR),
        Budget("codes.change.day", 20, DAY),
    )


BUDGETS = Budgets()
# In the demo everybody tries the service as the same few people, often from one machine.
DEMO_BUDGETS = Budgets(
    by_conversation=Budget("details.conversation", 50, HOUR),
    by_network=Budget("details.network", 1_000, HOUR),
    by_person=Budget("details.person", 1_000, DAY),
    codes=(Budget("codes.hour", 1_000, HOUR),),
    change_codes=(Budget("codes.change.hour", 1_000, HOUR),),
)
WRONG_CODES = "codes.wrong"


class BudgetSpent(Exception):
    """Too many tries; `seconds` until the next one is taken."""

    def __init__(self, budget: Budget, seconds: int) -> None:
        super().__init__(budget.kind)
        self.budget, self.seconds = budget, seconds


def subject_of(session: Any, *parts: str) -> bytes:
    """Whom a count stands against, in a form that names nobody."""
    return keys_of(session).index("subject", *parts)


def subjects_of(session: Any, *parts: str) -> list[bytes]:
    """The same, also as it was before a rotation of the secret."""
    return keys_of(session).indexes("subject", *parts)


def network_of(address: str) -> str:
    """The network a caller comes from: /24 of IPv4, /64 of IPv6; one household has many of either.
    IPv4 is IPv4, also as a socket for both writes it (::ffff:192.0.2.1: one /64 for everybody).
    What is no address counts as itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 64), strict=False))


def spend(session: Any, budget: Budget, subject: bytes) -> bool:
    """Count one try; False, and nothing counted, when the budget is spent."""
    moment = read_clock(session)
    _make_row(session, budget.kind, subject, moment)
    over = Tally.started_at <= moment - budget.window
    counted = session.execute(
        update(Tally)
        .where(Tally.kind == budget.kind, Tally.subject == subject)
        .where(or_(Tally.count < budget.most, over))
        .values(
            count=case((over, 1), else_=Tally.count + 1),
            started_at=case((over, moment), else_=Tally.started_at),
        )
        .execution_options(synchronize_session=False)
    )
    return bool(counted.rowcount == 1)


def spend_or_raise(session: Any, budget: Budget, subject: bytes) -> None:
    """Count one try.

    Raises:
        BudgetSpent: nothing was counted.
    """
    if spend(session, budget, subject):
        return
    started_at = session.scalar(
        select(Tally.started_at).where(Tally.kind == budget.kind, Tally.subject == subject)
    )
    left = started_at + budget.window - read_clock(session)
    raise BudgetSpent(budget, max(1, int(left.total_seconds())))


def count_up(session: Any, kind: str, subject: bytes) -> int:
    """Count without a limit; the new count. Ended by `forget` only."""
    _make_row(session, kind, subject, read_clock(session))
    session.execute(
        update(Tally)
        .where(Tally.kind == kind, Tally.subject == subject)
        .values(count=Tally.count + 1)
        .execution_options(synchronize_session=False)
    )
    return int(
        session.scalar(select(Tally.count).where(Tally.kind == kind, Tally.subject == subject))
    )


def forget(session: Any, kind: str, subject: bytes) -> None:
    session.execute(delete(Tally).where(Tally.kind == kind, Tally.subject == subject))


def _make_row(session: Any, kind: str, subject: bytes, moment: datetime) -> None:
    row = {"kind": kind, "subject": subject, "started_at": moment, "count": 0}
    # Locked even when it is there already: a purge must not take it away before it is counted.
    same = {"count": Tally.__table__.c.count}
    statement = upsert(session, Tally).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["kind", "subject"], set_=same))
