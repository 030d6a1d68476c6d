"""A try to sign in: of one browser, once, for ten minutes; its secret is told to nobody."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode

from sqlalchemy import func, select, update

from bot.clock import now
from bot.oidc.attempt import GOOD_FOR, Attempt, begin, take
from bot.store import Database, SignInAttempt


def begun(database: Database) -> Attempt:
    with database.write() as session:
        return begin(session)


def taken(database: Database, secret: str, state: str) -> Attempt | None:
    with database.write() as session:
        return take(session, secret, state)


def test_it_is_taken_once(database: Database) -> None:
    attempt = begun(database)
    assert taken(database, attempt.secret, attempt.state) == attempt
    assert taken(database, attempt.secret, attempt.state) is None


def test_another_browser_s_answer_takes_nothing(database: Database) -> None:
    mine, theirs = begun(database), begun(database)
    for secret, state in (
        (mine.secret, theirs.state), ("", mine.state), (mine.secret, ""), (mine.secret, "é"),
        ("made up", Attempt("made up").state),
    ):  # fmt: skip
        assert taken(database, secret, state) is None
    assert taken(database, mine.secret, mine.state) == mine


def test_it_is_good_for_ten_minutes(database: Database) -> None:
    attempt = begun(database)
    with database.write() as session:
        session.execute(update(SignInAttempt).values(created_at=now() - GOOD_FOR))
    assert taken(database, attempt.secret, attempt.state) is None
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 1


def test_what_is_shown_is_made_of_the_secret_and_tells_nothing_of_it() -> None:
    attempt = Attempt("x" * 43)
    shown = {attempt.state, attempt.nonce, attempt.challenge, attempt.verifier}
    assert len(shown) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", one) for one in shown)
    digest = hashlib.sha256(attempt.verifier.encode()).digest()
    assert attempt.challenge == urlsafe_b64encode(digest).decode().rstrip("=")
