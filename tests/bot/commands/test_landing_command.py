"""The officer's commands: each says what came of it, in both languages, and leaves its trail."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update
from typer.testing import CliRunner

from bot.addresses.sharing import place_index
from bot.clock import now
from bot.commands import landing as command
from bot.commands.operator import operator_name
from bot.landing.moving import here, stage_of
from bot.landing.papers import papers_or_new
from bot.landing.photos import keep_photo
from bot.store import (
    AddressChange,
    AuditEntry,
    Confirmation,
    Database,
    Landing,
    PostalAddress,
)
from bot.texts import LANGUAGES, say
from tests.bot.landing.family import HOME, Family, add_family, by
from tests.bot.landing.giving import GOOD, give_all
from tests.conftest import SECRET_KEY


@pytest.fixture
def family(database: Database) -> Family:
    with database.write() as session:
        return add_family(session, "in_review")


def give(database: Database, family: Family) -> None:
    with database.write() as session:
        give_all(session, family.place(family.mother))


@pytest.fixture(autouse=True)
def environment(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSAGE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PASSAGE_DEMO", "1")
    monkeypatch.setenv("PASSAGE_SECRET_KEY", SECRET_KEY)
    monkeypatch.setenv("PASSAGE_DATABASE_URL", database.url)
    monkeypatch.setenv("PASSAGE_LANG", "en")


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(command.landing, list(words))
    return result.exit_code, " ".join(result.output.split())


def names(database: Database, family: Family) -> tuple[str, str]:
    """Application number and the mother's UCI."""
    from bot.store import Application, Person

    with database.read() as session:
        number = session.get(Application, family.application).number
        return number, session.get(Person, family.mother).uci


def stage(database: Database, family: Family) -> str | None:
    with database.read() as session:
        return stage_of(session, family.place(family.mother))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_queue_shows_what_waits(
    database: Database, family: Family, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSAGE_LANG", language)
    monkeypatch.setattr(command.output, "width", 300)
    status, shown = run("queue")
    assert status == 0
    assert shown.count(say(language, "landing_cli.kind.review")) == 4
    with database.write() as session:
        session.execute(update(Landing).values(stage="invited"))
    assert run("queue")[1] == say(language, "landing_cli.nothing")


def test_accepting_confirms_once(database: Database, family: Family) -> None:
    wanted = names(database, family)
    assert run("accept", *wanted)[0] == 1, "nothing was given here"
    give(database, family)
    status, said = run("accept", *wanted)
    assert (status, stage(database, family)) == (0, "confirmed")
    with database.read() as session:
        number = session.scalars(select(Confirmation.number)).one()
        acts = session.scalars(select(AuditEntry.agent).where(AuditEntry.act == "landing.accept"))
        assert list(acts) == [operator_name()]
    assert number in said
    status, said = run("accept", *wanted)
    assert (status, "Nothing was changed" in said) == (1, True)


def test_a_part_goes_back_only_for_a_known_reason(database: Database, family: Family) -> None:
    wanted = names(database, family)
    status, said = run("return", *wanted, "photo.ugly")
    assert (status, "photo.not_recent" in said, stage(database, family)) == (2, True, "in_review")
    assert run("return", *wanted, "photo.not_recent")[0] == 0
    assert stage(database, family) == "returned"


def test_a_correction_needs_a_printed_detail(database: Database, family: Family) -> None:
    wanted = names(database, family)
    give(database, family)
    run("accept", *wanted)
    assert run("correct", *wanted, "shoe_size=44")[0] == 2
    assert run("correct", *wanted, "family_name=Trembley")[0] == 0
    with database.read() as session:
        valid = select(Confirmation).where(Confirmation.state == "valid")
        assert session.scalars(valid).one().details["family_name"] == "Trembley"


def test_other_moves_are_those_of_an_agent(database: Database, family: Family) -> None:
    wanted = names(database, family)
    assert run("move", *wanted, "agree")[0] == 2
    assert run("move", *wanted, "hold")[0] == 0
    assert stage(database, family) == "on_hold"
    assert run("move", *wanted, "mail_card")[0] == 1


def test_an_address_is_decided_once(database: Database, family: Family) -> None:
    with database.write() as session:
        session.add(
            AddressChange(
                id="change-1", person_id=family.mother, by_person_id=family.mother,
                conversation_id="c", value=HOME.to_json(), place=place_index(session, HOME),
                state="review", created_at=now(), held_until=now(),
            )
        )  # fmt: skip
    assert "change-1" in run("queue")[1]
    assert run("address", "change-1", "--accept")[0] == 0
    assert run("address", "change-1", "--accept")[0] == 1


def test_an_agents_address_needs_another_agent_also_while_a_card_is_in_print(
    database: Database, family: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = names(database, family)
    with database.write() as session:
        session.execute(update(Landing).values(stage="card_ordered"))
    box = ("new-address", *wanted, "PO Box 12", "", "Ottawa", "ON", "K1A 0B1")
    assert run(*box)[0] == 2
    home = ("123 Main St", "4B", "Ottawa", "ON", "K1A 0B1")
    status, said = run("new-address", *wanted, *home)
    change = said.partition("landing address ")[2].split()[0]
    assert (status, run("address", change, "--accept")[0]) == (0, 2)
    monkeypatch.setattr(command, "operator_name", lambda: "somebody-else")
    assert run("address", change, "--accept")[0] == 0
    with database.read() as session:
        assert session.get(PostalAddress, family.mother).value == HOME.to_json()
        trail = select(AuditEntry.act, AuditEntry.agent).order_by(AuditEntry.position)
        assert session.execute(trail).all()[-2:] == [
            ("address.given_by_agent", operator_name()), ("address.applied", "somebody-else")
        ]  # fmt: skip


def test_the_photo_is_written_once_and_that_is_in_the_trail(
    database: Database, family: Family, tmp_path: Path
) -> None:
    wanted, file = names(database, family), tmp_path / "photo.jpg"
    assert run("photo", *wanted, str(file))[0] == 1
    with database.write() as session:
        place = family.place(family.mother)
        photo_id = keep_photo(session, place, by(family.mother), GOOD)
        papers_or_new(session, place).photo_id = photo_id
    assert run("photo", *wanted, str(file))[0] == 0
    assert file.read_bytes() == GOOD.picture
    assert run("photo", *wanted, str(file))[0] == 2, "nothing is overwritten"
    with database.read() as session:
        shown = session.scalars(select(AuditEntry.agent).where(AuditEntry.act == "photo.shown"))
        assert list(shown) == [operator_name()] * 2


def test_who_is_not_there_is_told(database: Database, family: Family) -> None:
    number, uci = names(database, family)
    assert run("accept", "F999999999", uci)[0] == 2
    assert run("accept", number, "99999999")[0] == 2
    with database.write() as session:
        where = here(Landing, family.place(family.mother))
        session.execute(update(Landing).where(*where).values(stage="invited"))
    assert run("accept", number, uci)[0] == 1
