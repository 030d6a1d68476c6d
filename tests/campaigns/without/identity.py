"""Guards of who somebody is (bot/identity)."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager
from typing import Any
from unittest import mock

from sqlalchemy import select, update

from bot.clock import now
from bot.identity import codes, flow, matching
from bot.identity.codes import MAX_TRIES
from bot.messages.mail import choose_mail
from bot.store import Challenge, Outbound, keys_of
from connectors import problems
from tests.campaigns import delivery
from tests.campaigns.timing import without_the_work_for_nobody
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def same_words() -> Without:
    """The code is asked for only when somebody gets one."""
    add_line = flow.add_line

    def told(session: Any, conversation_id: str, author: str, body: Any) -> Any:
        asks = (body.get("card") or {}).get("kind") == "code"
        if asks and not _newest(session).recipient:
            body = {"text": "These details match no file.", "lang": body["lang"]}
        return add_line(session, conversation_id, author, body)

    return instead((flow, "add_line", told))


def decoy() -> Without:
    """A code is made only for somebody: nobody's is over at the first try."""
    return without_the_work_for_nobody()


def work_for_nobody() -> Without:
    """Of a file that is not there nothing more is looked for."""
    match = flow.match

    def early(session: Any, details: Any) -> Any:
        seat = matching._seat(session, keys_of(session), details.uci, details.number)
        return matching.NOBODY if seat.person_id == matching._NO_ID else match(session, details)

    return instead((flow, "match", early))


def one_statement() -> Without:
    """A try is counted, and a code used up, by reading first and writing then."""

    def count(session: Any, challenge_id: str) -> bool:
        query = select(Challenge.tries, Challenge.used_at).where(Challenge.id == challenge_id)
        tries, used_at = session.execute(query).one()
        _change(session, challenge_id, tries=tries + 1)
        return bool(tries < MAX_TRIES and used_at is None)

    def use(session: Any, challenge_id: str) -> bool:
        _change(session, challenge_id, used_at=now())
        return True

    return instead((codes, "_count_try", count), (codes, "_use", use))


def five_tries() -> Without:
    """Tries of a code are counted and never end."""

    def count(session: Any, challenge_id: str) -> bool:
        _change(session, challenge_id, tries=Challenge.tries + 1)
        return True

    return instead((codes, "_count_try", count))


def budget_of_a_person() -> Without:
    """Tries at one person are counted and never end."""
    spend = flow.spend

    def counted_only(*given: Any) -> bool:
        spend(*given)
        return True

    return instead((flow, "spend", counted_only))


def outbox() -> Without:
    """The code is mailed while the person waits for the page."""
    queue_mail, sending, urls = flow.queue_mail, delivery.sending, [""]

    def sending_there(front: Any, url: str) -> Any:
        urls.append(url)
        return sending(front, url)

    def mailed_at_once(session: Any, **values: Any) -> str:
        reference = queue_mail(session, **values)
        if values["to"]:
            asyncio.run(_way_to(urls[-1]).send(_newest(session)))
        return reference

    # Every host that fails is a request that failed: meant here, not to be logged at length.
    return instead(
        (flow, "queue_mail", mailed_at_once),
        (delivery, "sending", sending_there),
        (problems, "log", mock.Mock()),
    )


def _way_to(url: str) -> Any:
    return choose_mail(
        mock.Mock(notify_api_key="", smtp_url=url, demo=False, mail_from="passage@example.ca")
    )


def _newest(session: Any) -> Outbound:
    session.flush()
    return session.scalars(select(Outbound).order_by(Outbound.id.desc()).limit(1)).one()


def _change(session: Any, challenge_id: str, **values: Any) -> None:
    session.execute(
        update(Challenge)
        .where(Challenge.id == challenge_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
