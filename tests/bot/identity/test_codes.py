"""An account code works once, for ten minutes, in its own conversation, and is tried five times."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import func, select

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.codes import MAX_TRIES, Attempt, send_code, try_code
from bot.identity.matching import Details, match
from bot.store import Application, Challenge, Database, Outbound, Participant, Person
from bot.store.keys import BlindIndex

MOMENT = datetime(2026, 3, 1, tzinfo=timezone.utc)
GOOD = Details("00000101", "F000000101", "Lefebvre-N'Guyen", "Zoé", date(1990, 2, 1), "Montréal")


@pytest.fixture
def person_id(database: Database, secret_key: str) -> int:
    """Zoé and her application."""
    with database.write() as session:
        person = Person(uci=GOOD.uci, family_name="Lefebvre-N’Guyen", given_names="Zoé",
                        birth_date=GOOD.birth_date, birth_place="Montréal", language="fr",
                        email="zoe@example.ca", as_of=MOMENT)  # fmt: skip
        application = Application(number=GOOD.number, line="family_partner", overall="received",
                                  received_on=date(2026, 1, 1), updated_on=date(2026, 1, 1),
                                  as_of=MOMENT, fingerprint=b"x" * 16)  # fmt: skip
        session.add_all([person, application])
        session.flush()
        lookup = BlindIndex(secret_key).of(GOOD.uci, GOOD.number)
        session.add(Participant(application_id=application.id, person_id=person.id,
                                role="principal_applicant", lookup=lookup))  # fmt: skip
        return int(person.id)


def send(database: Database, key: str, conversation: str, details: Details = GOOD) -> str | None:
    """Ask for a code; the code that was mailed, if any was."""
    with database.write() as session:
        send_code(session, key, conversation, details, "en")
        mail = session.scalars(select(Outbound).order_by(Outbound.id.desc())).first()
    found = re.search(r"(\d{4}) (\d{4})", mail.text)
    return found.group() if found else None


def enter(database: Database, key: str, conversation: str, code: str) -> Attempt:
    with database.write() as session:
        return try_code(session, key, conversation, code)


@pytest.mark.parametrize(
    "change",
    [
        {"family_name": "LEFEBVRE NGUYEN"},
        {"uci": "00000102"},
        {"number": "F000000102"},
        {"given_names": "Zoe Marie"},
        {"birth_date": date(1990, 1, 2)},
        {"birth_place": "Laval"},
    ],
)
def test_every_field_must_agree(
    database: Database, secret_key: str, person_id: int, change: dict[str, object]
) -> None:
    with database.read() as session:
        assert match(session, secret_key, GOOD).id == person_id
        assert match(session, secret_key, Details(**{**GOOD.__dict__, **change})) is None


def test_case_accents_and_apostrophes_do_not_matter(
    database: Database, secret_key: str, person_id: int
) -> None:
    loose = Details(**{**GOOD.__dict__, "family_name": "lefebvre n guyen", "given_names": "ZOE",
                       "birth_place": " montreal "})  # fmt: skip
    with database.read() as session:
        assert match(session, secret_key, loose).id == person_id


def test_the_code_goes_to_the_address_on_file_in_the_persons_language(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    assert send(database, secret_key, conversation)
    with database.read() as session:
        mail = session.scalars(select(Outbound)).one()
    assert (mail.recipient, mail.language, mail.state) == ("zoe@example.ca", "fr", "queued")
    assert "http" not in mail.text, "an e-mail never links to a log-in"


def test_the_right_code_names_the_person_once(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = send(database, secret_key, conversation)
    assert enter(database, secret_key, conversation, code or "").person_id == person_id
    assert enter(database, secret_key, conversation, code or "").person_id is None


def test_the_code_itself_is_not_stored(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = (send(database, secret_key, conversation) or "").replace(" ", "")
    with database.read() as session:
        challenge = session.scalars(select(Challenge)).one()
    assert code.encode() not in challenge.code_hash + challenge.salt


def test_details_of_nobody_write_the_same_rows_and_no_code_works(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    nobody = Details(**{**GOOD.__dict__, "family_name": "Nobody"})
    assert send(database, secret_key, conversation, nobody) is None
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Challenge)) == 1
        assert session.scalars(select(Outbound.state)).all() == ["decoy"]
    attempt = enter(database, secret_key, conversation, "0000 0000")
    assert attempt == Attempt(None, MAX_TRIES - 1), "as for a real one"


def test_five_tries_and_no_more(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = send(database, secret_key, conversation) or ""
    wrong = "1111 1111" if code != "1111 1111" else "2222 2222"
    left = [enter(database, secret_key, conversation, wrong).tries_left for _ in range(6)]
    assert left == [4, 3, 2, 1, 0, 0]
    assert enter(database, secret_key, conversation, code).person_id is None


def test_parallel_tries_never_pass_the_five_and_succeed_at_most_once(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = send(database, secret_key, conversation) or ""
    with ThreadPoolExecutor(8) as pool:
        attempts = list(
            pool.map(lambda _: enter(database, secret_key, conversation, code), range(24))
        )
    assert sum(attempt.person_id is not None for attempt in attempts) == 1
    with database.read() as session:
        assert session.scalars(select(Challenge.tries)).one() <= MAX_TRIES


def test_a_code_is_dead_after_ten_minutes(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = send(database, secret_key, conversation) or ""
    with time_machine.travel(now() + timedelta(minutes=10, seconds=1), tick=False):
        assert enter(database, secret_key, conversation, code).person_id is None


def test_a_code_is_worth_nothing_in_another_conversation(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    code = send(database, secret_key, conversation) or ""
    with database.write() as session:
        other = open_conversation(session, "web", "en")
    assert enter(database, secret_key, other, code).person_id is None


def test_a_new_code_ends_the_one_before(
    database: Database, secret_key: str, person_id: int, conversation: str
) -> None:
    first = send(database, secret_key, conversation) or ""
    second = send(database, secret_key, conversation) or ""
    if first != second:
        assert enter(database, secret_key, conversation, first).person_id is None
    assert enter(database, secret_key, conversation, second).person_id == person_id
