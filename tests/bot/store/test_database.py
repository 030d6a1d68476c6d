"""The tables that migrations make are the tables of the models; SQLite keeps what it promised."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.chat.conversations import open_conversation
from bot.clock import now
from bot.store import Base, Conversation, Database
from bot.store.normal import fold, normal_name, normal_number, normal_uci


def test_migrations_make_exactly_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(database: Database) -> None:
    database.migrate()
    database.migrate()


def test_sqlite_is_durable_and_checks_its_keys(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("SQLite's own settings")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with database.read() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted


def test_connections_are_kept_and_as_many_as_are_wanted_are_open_at_once(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("SQLite's own pool")
    opened = []
    event.listen(database.engine, "connect", lambda *_: opened.append(1))
    for _ in range(10):
        with database.read() as session:
            session.scalar(text("SELECT 1"))
    assert len(opened) <= 1
    with ExitStack() as stack:
        for _ in range(40):
            stack.enter_context(database.read()).scalar(text("SELECT 1"))
    assert len(opened) >= 39


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as session:
        open_conversation(session, "web", "en")
        raise RuntimeError
    with database.read() as session:
        assert session.query(Conversation).count() == 0


def test_writers_wait_for_each_other_instead_of_failing(database: Database) -> None:
    errors: list[Exception] = []

    def write() -> None:
        try:
            for _ in range(10):
                with database.write() as session:
                    session.query(Conversation).count()
                    open_conversation(session, "web", "en")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with database.read() as session:
        assert session.query(Conversation).count() == 60


def test_a_patient_writer_waits_longer_and_its_connection_forgets_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has no such lock")
    monkeypatch.setattr("bot.store.database.BUSY_TIMEOUT_MS", 50)
    hasty = Database(database.url, database.keys)
    taken, done = threading.Event(), threading.Event()

    def another_process() -> None:
        with database.write() as session:
            session.execute(text("SELECT 1"))
            taken.set()
            done.wait(30)

    other = threading.Thread(target=another_process)
    other.start()
    taken.wait(30)
    with pytest.raises(OperationalError, match="locked"), hasty.write() as session:
        session.execute(text("SELECT 1"))
    threading.Timer(0.5, done.set).start()
    with hasty.write(patiently=True) as session:
        assert session.scalar(text("PRAGMA busy_timeout")) == 50
    other.join()
    hasty.close()


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    naive: Any = datetime(2026, 1, 1)
    conversation = Conversation(
        id="x", channel="web", language="en", created_at=naive, last_at=now()
    )
    with pytest.raises(Exception, match="time zone"), database.write() as session:
        session.add(conversation)


def test_a_moment_comes_back_as_it_was(database: Database) -> None:
    moment = now()
    with database.write() as session:
        session.add(
            Conversation(id="x", channel="web", language="en", created_at=moment, last_at=moment)
        )
    with database.read() as session:
        assert session.get(Conversation, "x").created_at == moment


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("0000-0101", "00000101"),
        (" 00 0000 0101 ", "0000000101"),
        ("can000123456789", "CAN000123456789"),
        ("1234567", None),
        ("613-555-0123 4", None),
    ],
)
def test_a_uci_in_any_usual_spelling(raw: str, plain: str | None) -> None:
    assert normal_uci(raw) == plain


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("f000000101", "F000000101"),
        ("F 000-000-101", "F000000101"),
        ("EP12345678", "EP12345678"),
        ("123456789", None),
        ("ABCDE123456789", None),
    ],
)
def test_an_application_number_in_any_usual_spelling(raw: str, plain: str | None) -> None:
    assert normal_number(raw) == plain


def test_names_meet_across_accents_case_and_apostrophes() -> None:
    assert normal_name("LEFEBVRE–N’Guyen") == normal_name("lefèbvre n'guyen")
    assert normal_name("Œuvré") == normal_name("oeuvre")


@given(st.text(max_size=60))
def test_folding_keeps_every_position(value: str) -> None:
    assert len(fold(value)) == len(value)
