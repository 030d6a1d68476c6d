"""The operator sees what was given up, in both languages, and sends it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.clock import now
from bot.commands import outbox as command
from bot.messages.outbox import queue_sms
from bot.phones.finding import phone_of
from bot.store import Database, Outbound
from bot.texts import LANGUAGES, say
from tests.conftest import SECRET_KEY


@pytest.fixture(autouse=True)
def environment(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PASSAGE_DEMO", "1")
    monkeypatch.setenv("PASSAGE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PASSAGE_DATABASE_URL", database.url)
    monkeypatch.setenv("PASSAGE_LANG", "en")
    monkeypatch.setattr(command.output, "width", 200)


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.outbox, list(words))
    return result.exit_code, " ".join(result.output.split())


def fail(database: Database, text: str, error: str) -> str:
    with database.write() as session:
        phone = phone_of(session, "+16135550142", "fr")
        reference = queue_sms(session, phone=phone, language="fr", text=text)
        gone = {"state": "failed", "error": error, "text": text, "tries": 24}
        session.flush()
        row = Outbound.reference == reference
        session.execute(update(Outbound).where(row).values(attempted_at=now(), **gone))
        return reference


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_given_up_is_listed_without_whom_it_is_for(
    database: Database, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_LANG", language)
    assert say(language, "outbox_cli.nothing") in run("list")[1]
    reference = fail(database, "an answer", "HTTP 500")
    fail(database, "", "late")
    status, shown = run("list")
    assert status == 0
    assert (shown.count(reference), shown.count("HTTP 500"), shown.count("late")) == (1, 1, 0)
    assert "555" not in shown.replace(reference, "") and "an answer" not in shown


def test_what_is_sent_again_has_all_its_tries_and_is_asked_about_first(
    database: Database,
) -> None:
    first, second = fail(database, "one", "HTTP 500"), fail(database, "two", "429")
    code = fail(database, "", "HTTP 500")
    assert run("again")[0] == 2, "it must be said which"
    assert run("again", code) == (1, say("en", "outbox_cli.none_again"))
    assert run("again", first) == (0, say("en", "outbox_cli.again", count=1))
    with database.read() as session:
        rows = {row.reference: row for row in session.scalars(select(Outbound))}
    assert (rows[first].state, rows[first].tries, rows[first].error) == ("queued", 0, None)
    assert rows[first].attempted_at is not None
    assert (rows[second].state, rows[code].state) == ("failed", "failed")
    assert run("again", "--all") == (0, say("en", "outbox_cli.again", count=1))
