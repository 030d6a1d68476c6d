"""An account code works once, for ten minutes, in its own conversation, and is tried five times."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select, text, update

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.identity.budgets import WRONG_CODES
from bot.identity.codes import (
    LIFETIME,
    MAX_TRIES,
    SIGN_IN,
    Attempt,
    NewCode,
    has_open_challenge,
    make_code,
    try_code,
)
from bot.store import Challenge, Database, Keys, Tally
from tests.bot.identity.people import wrong
from tests.conftest import SECRET_KEY

SUBJECT = b"s" * 16
DAY = timedelta(days=1)


def make(database: Database, conversation: str, person_id: int | None, **how: Any) -> NewCode:
    with database.write() as session:
        return make_code(session, conversation, subject=SUBJECT, person_id=person_id, **how)


def enter(database: Database, conversation: str, code: str, *change: str) -> Attempt:
    with database.write() as session:
        return try_code(session, conversation, code, *change)


def is_open(database: Database, conversation: str) -> bool:
    with database.read() as session:
        return has_open_challenge(session, conversation)


def challenges(database: Database) -> list[Challenge]:
    with database.read() as session:
        return list(session.scalars(select(Challenge).order_by(Challenge.created_at)))


def expire_in(database: Database, time: timedelta) -> None:
    """Move the end of the code instead of the database's clock, which a test cannot move."""
    (challenge,) = challenges(database)
    moved = challenge.created_at + time
    with database.write() as session:
        session.execute(update(Challenge).values(expires_at=moved))


def wrong_codes(database: Database) -> int:
    with database.read() as session:
        query = select(Tally.count).where(Tally.kind == WRONG_CODES, Tally.subject == SUBJECT)
        return session.scalar(query) or 0


def test_the_right_code_names_the_person_once(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id)
    assert enter(database, conversation, code.shown) == Attempt(person_id, 0)
    assert enter(database, conversation, code.shown) == Attempt(None, 0)
    assert not is_open(database, conversation)


@pytest.mark.parametrize("separator", ["", " ", "-", "\u00a0", " - "])
def test_a_code_is_read_with_any_separator(
    database: Database, person_id: int, conversation: str, separator: str
) -> None:
    digits = make(database, conversation, person_id).digits
    typed = f" {digits[:4]}{separator}{digits[4:]} "
    assert enter(database, conversation, typed).person_id == person_id


def test_a_code_may_be_typed_in_the_digits_of_another_script(
    database: Database, person_id: int, conversation: str
) -> None:
    digits = make(database, conversation, person_id).digits
    arabic = digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    assert enter(database, conversation, arabic).person_id == person_id


def test_codes_have_eight_digits_and_are_shown_in_two_groups(
    database: Database, person_id: int, conversation: str
) -> None:
    codes = [make(database, conversation, person_id) for _ in range(20)]
    assert all(len(code.digits) == 8 and code.digits.isdecimal() for code in codes)
    assert all(code.shown == f"{code.digits[:4]} {code.digits[4:]}" for code in codes)
    assert len({code.digits for code in codes}) == 20
    assert len({code.not_me for code in codes}) == 20


def test_five_tries_and_no_more(database: Database, person_id: int, conversation: str) -> None:
    code = make(database, conversation, person_id).digits
    left = [enter(database, conversation, wrong(code)).tries_left for _ in range(6)]
    assert left == [4, 3, 2, 1, 0, 0]
    assert enter(database, conversation, code).person_id is None
    (challenge,) = challenges(database)
    assert challenge.tries == MAX_TRIES
    assert wrong_codes(database) == MAX_TRIES, "what is not looked at is not counted"


def test_the_fifth_try_may_still_be_right(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id).digits
    for _ in range(4):
        assert enter(database, conversation, wrong(code)).person_id is None
    assert enter(database, conversation, code).person_id == person_id


def test_parallel_tries_never_pass_the_five_and_succeed_at_most_once(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id).digits
    with ThreadPoolExecutor(16) as pool:
        attempts = list(pool.map(lambda _: enter(database, conversation, code), range(32)))
    assert sum(attempt.person_id is not None for attempt in attempts) == 1
    (challenge,) = challenges(database)
    assert challenge.tries == 1
    assert wrong_codes(database) == 0


def test_a_decoy_behaves_like_a_code_and_never_succeeds(
    database: Database, person_id: int, conversation: str
) -> None:
    decoy = make(database, conversation, None).digits
    assert is_open(database, conversation)
    attempts = [enter(database, conversation, decoy) for _ in range(6)]
    assert attempts == [Attempt(None, left) for left in (4, 3, 2, 1, 0, 0)]
    assert wrong_codes(database) == MAX_TRIES


@pytest.mark.parametrize(
    ("lives", "works"), [(timedelta(minutes=10), True), (timedelta(0), False), (-DAY, False)]
)
def test_a_code_lives_until_it_expires_by_the_database_s_clock(
    database: Database, person_id: int, conversation: str, lives: timedelta, works: bool
) -> None:
    code = make(database, conversation, person_id).digits
    expire_in(database, lives)
    assert is_open(database, conversation) is works
    assert (enter(database, conversation, code).person_id == person_id) is works
    assert challenges(database)[0].tries == int(works), "a dead code is not looked at"


def test_a_code_lives_for_ten_minutes(
    database: Database, person_id: int, conversation: str
) -> None:
    make(database, conversation, person_id)
    (challenge,) = challenges(database)
    assert challenge.expires_at - challenge.created_at == LIFETIME == timedelta(minutes=10)


@pytest.mark.parametrize("shift", [DAY, -DAY], ids=["ahead", "behind"])
def test_a_wrong_clock_of_the_application_prolongs_and_ends_nothing(
    database: Database, person_id: int, conversation: str, shift: timedelta
) -> None:
    with time_machine.travel(now() + shift, tick=True):
        code = make(database, conversation, person_id).digits
    (challenge,) = challenges(database)
    assert abs(challenge.created_at - now()) < timedelta(minutes=1), "the database's clock"
    with time_machine.travel(now() + shift, tick=True):
        assert is_open(database, conversation)
        assert enter(database, conversation, code).person_id == person_id


@pytest.mark.parametrize("shift", [DAY, -DAY], ids=["ahead", "behind"])
def test_an_expired_code_stays_dead_whatever_the_application_s_clock_says(
    database: Database, person_id: int, conversation: str, shift: timedelta
) -> None:
    code = make(database, conversation, person_id).digits
    expire_in(database, timedelta(0))
    with time_machine.travel(now() + shift, tick=True):
        assert enter(database, conversation, code).person_id is None


def test_a_code_is_worth_nothing_in_another_conversation(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id).digits
    with database.write() as session:
        other = open_conversation(session, "web", "en")
    assert enter(database, other, code) == Attempt(None, 0)
    make(database, other, person_id)
    assert enter(database, other, code).person_id is None
    assert enter(database, conversation, code).person_id == person_id


def test_a_code_is_worth_nothing_for_another_purpose(
    database: Database, person_id: int, conversation: str
) -> None:
    sign_in = make(database, conversation, person_id).digits
    change = make(database, conversation, person_id, purpose="address", binding="H2X 1Y4").digits
    assert enter(database, conversation, change).person_id is None
    assert enter(database, conversation, sign_in, "address", "H2X 1Y4").person_id is None
    assert enter(database, conversation, change, "address", "H2X 1Y4").person_id == person_id
    assert enter(database, conversation, sign_in).person_id == person_id


@pytest.mark.parametrize("shown", ["H2X 1Y5", "h2x 1y4", "H2X 1Y4 ", ""])
def test_a_code_confirms_its_own_wording_only(
    database: Database, person_id: int, conversation: str, shown: str
) -> None:
    code = make(database, conversation, person_id, purpose="address", binding="H2X 1Y4").digits
    assert enter(database, conversation, code, "address", shown) == Attempt(None, 4)
    assert enter(database, conversation, code, "address", "H2X 1Y4").person_id == person_id


def test_a_cancelled_code_is_dead(database: Database, person_id: int, conversation: str) -> None:
    code = make(database, conversation, person_id).digits
    with database.write() as session:
        session.execute(update(Challenge).values(cancelled=True))
    assert not is_open(database, conversation)
    assert enter(database, conversation, code) == Attempt(None, 0)


def test_a_new_code_ends_the_one_before_and_begins_its_own_tries(
    database: Database, person_id: int, conversation: str
) -> None:
    first = make(database, conversation, person_id).digits
    enter(database, conversation, wrong(first))
    second = make(database, conversation, person_id).digits
    assert first != second
    assert enter(database, conversation, first) == Attempt(None, 4)
    assert enter(database, conversation, second).person_id == person_id
    older, newer = challenges(database)
    assert (older.cancelled, older.tries, newer.cancelled) == (True, 1, False)


def test_ten_new_codes_never_reset_the_count_of_wrong_ones(
    database: Database, person_id: int, conversation: str
) -> None:
    seen = []
    for _ in range(10):
        code = make(database, conversation, person_id).digits
        enter(database, conversation, wrong(code))
        seen.append(wrong_codes(database))
    assert seen == list(range(1, 11))


def test_the_right_code_ends_the_count_of_wrong_ones(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id).digits
    enter(database, conversation, wrong(code))
    assert wrong_codes(database) == 1
    enter(database, conversation, code)
    assert wrong_codes(database) == 0


def test_nothing_of_a_code_stands_in_the_database_in_clear(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id, purpose="address", binding="H2X 1Y4")
    with database.read() as session:
        row = session.execute(text("SELECT * FROM challenge")).one()
    kept = b"|".join(_bytes(value) for value in row)
    assert row.code_hash is not None
    for secret in (code.digits, code.shown, code.not_me, "H2X 1Y4"):
        assert secret.encode() not in kept
    assert hashlib.sha256(code.digits.encode()).digest() not in kept, "a plain hash is guessed"
    assert hashlib.sha256(code.not_me.encode()).digest() == bytes(row.not_me)


def _bytes(value: Any) -> bytes:
    return bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()


def test_the_same_code_is_never_hashed_to_the_same_value(
    database: Database, person_id: int, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.identity.codes.secrets.randbelow", lambda _: 12345678)
    codes = {make(database, conversation, person_id).digits for _ in range(3)}
    assert codes == {"12345678"}
    assert len({row.code_hash for row in challenges(database)}) == 3


def test_without_the_key_the_right_digits_cannot_be_told(
    database: Database, person_id: int, conversation: str
) -> None:
    """Whoever has the database alone cannot try all hundred million codes."""
    code = make(database, conversation, person_id).digits
    (row,) = challenges(database)
    alone = hashlib.pbkdf2_hmac("sha256", code.encode(), row.salt, 10_000)
    assert alone != row.code_hash


def test_a_code_made_before_the_key_was_changed_still_works(
    database: Database, person_id: int, conversation: str
) -> None:
    code = make(database, conversation, person_id, binding="").digits
    rotated = Database(database.url, Keys("a-newer-secret-of-more-than-32-characters", SECRET_KEY))
    try:
        assert enter(rotated, conversation, wrong(code), SIGN_IN).tries_left == 4
        assert enter(rotated, conversation, code, SIGN_IN).person_id == person_id
    finally:
        rotated.close()
