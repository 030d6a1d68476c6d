"""A change is confirmed by a code of its own: for that purpose, that wording and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import now
from bot.identity.budgets import DEMO_BUDGETS
from bot.identity.step_up import TooManyCodes, ask_change_code, confirm_change
from bot.store import Database, Outbound, Tally
from tests.bot.identity.people import (
    PUBLIC_URL,
    add_client,
    caller,
    client_form,
    code_in,
    enter,
    lock_out,
    newest_mail,
    not_me_in,
    send,
    wrong,
)

CHANGE = "Nouvelle adresse : 12, rue Roy, Montréal, H2X 1Y4"


def ask(
    database: Database, conversation: str, person_id: int, change: str = CHANGE, **how: Any
) -> str:
    with database.write() as session:
        ask_change_code(session, conversation, person_id, "address", change, PUBLIC_URL, **how)
    return code_in(newest_mail(database))


def confirm(
    database: Database, conversation: str, person_id: int, code: str, change: str = CHANGE,
    purpose: str = "address",
) -> tuple[bool, int]:  # fmt: skip
    with database.write() as session:
        return confirm_change(session, conversation, person_id, purpose, change, code)


def mails(database: Database) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count(Outbound.id))))


def test_the_code_confirms_the_change_once(
    database: Database, conversation: str, person_id: int
) -> None:
    code = ask(database, conversation, person_id)
    assert confirm(database, conversation, person_id, code) == (True, 0)
    assert confirm(database, conversation, person_id, code) == (False, 0)


def test_the_e_mail_says_what_the_code_confirms_in_the_person_s_language(
    database: Database, conversation: str, person_id: int
) -> None:
    ask(database, conversation, person_id)
    mail = newest_mail(database)
    assert (mail.recipient, mail.language, mail.person_id) == ("p101@example.ca", "fr", person_id)
    assert CHANGE in mail.text
    assert PUBLIC_URL in mail.text
    assert not_me_in(mail)
    assert CHANGE not in mail.subject
    left = mail.useless_after - now()
    assert timedelta(minutes=9) < left <= timedelta(minutes=10)


@pytest.mark.parametrize(
    "other", [CHANGE.replace("Y4", "Y5"), CHANGE + " ", CHANGE.lower(), ""], ids=str
)
def test_another_wording_is_not_confirmed(
    database: Database, conversation: str, person_id: int, other: str
) -> None:
    code = ask(database, conversation, person_id)
    assert confirm(database, conversation, person_id, code, other) == (False, 4)
    assert confirm(database, conversation, person_id, code) == (True, 0)


def test_asking_again_with_another_change_voids_the_first_code(
    database: Database, conversation: str, person_id: int
) -> None:
    first = ask(database, conversation, person_id)
    second = ask(database, conversation, person_id, "something else")
    assert confirm(database, conversation, person_id, first)[0] is False
    assert confirm(database, conversation, person_id, second)[0] is False
    assert confirm(database, conversation, person_id, second, "something else")[0] is True


def test_a_code_for_one_purpose_is_none_for_another(
    database: Database, conversation: str, person_id: int
) -> None:
    code = ask(database, conversation, person_id)
    refused = confirm(database, conversation, person_id, code, purpose="photo")
    assert refused == (False, 0)
    assert confirm(database, conversation, person_id, code)[0] is True


def test_the_code_of_the_sign_in_confirms_no_change_and_the_other_way_round(
    database: Database, conversation: str, person_id: int
) -> None:
    sign_in = send(database, conversation, client_form(101))
    change = ask(database, conversation, person_id)
    assert confirm(database, conversation, person_id, sign_in)[0] is False
    assert enter(database, conversation, change)[0].person_id is None
    assert confirm(database, conversation, person_id, change)[0] is True
    assert enter(database, conversation, sign_in)[0].person_id == person_id


def test_a_code_confirms_nothing_for_another_person_or_conversation(
    database: Database, conversation: str, person_id: int
) -> None:
    from bot.chat.conversations import open_conversation

    with database.write() as session:
        stranger = add_client(session, 102)[0].id
        elsewhere = open_conversation(session, "web", "en")
    code = ask(database, conversation, person_id)
    assert confirm(database, elsewhere, person_id, code) == (False, 0)
    assert confirm(database, conversation, stranger, code)[0] is False


def test_five_wrong_codes_end_it(database: Database, conversation: str, person_id: int) -> None:
    code = ask(database, conversation, person_id)
    tries = [confirm(database, conversation, person_id, wrong(code)) for _ in range(6)]
    assert tries == [(False, left) for left in (4, 3, 2, 1, 0, 0)]
    assert confirm(database, conversation, person_id, code)[0] is False


def test_codes_for_changes_have_a_budget_of_their_own(
    database: Database, conversation: str, person_id: int
) -> None:
    """A parent changes the address of several children in one sitting, after signing in; and who
    uses up the codes for signing in does not stop who is signed in."""
    send(database, conversation, client_form(101))
    for _ in range(10):
        ask(database, conversation, person_id)
    sent = mails(database)
    with pytest.raises(TooManyCodes):
        ask(database, conversation, person_id)
    assert mails(database) == sent == 11
    with database.read() as session:
        counted = select(Tally.kind, Tally.count).where(Tally.kind.like("codes.%"))
        counts = dict(session.execute(counted).all())
    assert counts == {"codes.hour": 1, "codes.day": 1,
                      "codes.change.hour": 10, "codes.change.day": 10}  # fmt: skip


def test_the_demo_s_budget_is_the_demo_s_here_too(
    database: Database, conversation: str, person_id: int
) -> None:
    """Its people sign in more often than three times an hour."""
    for _ in range(4):
        send(database, conversation, client_form(101), caller(DEMO_BUDGETS))
    code = ask(database, conversation, person_id, budgets=DEMO_BUDGETS)
    assert confirm(database, conversation, person_id, code)[0] is True


def test_while_locked_no_code_is_sent_and_none_is_taken(
    database: Database, conversation: str, person_id: int
) -> None:
    code = ask(database, conversation, person_id)
    with database.write() as session:
        lock_out(session, "00000101")
    with pytest.raises(TooManyCodes):
        ask(database, conversation, person_id)
    assert mails(database) == 1
    assert confirm(database, conversation, person_id, code)[0] is False
