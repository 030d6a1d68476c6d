"""What tells who somebody is cannot be read, moved or altered in the database without the key."""

from __future__ import annotations

import pytest
from sqlalchemy import LargeBinary, select, text, type_coerce

from bot.store import Database, Keys, Person
from bot.store.keys import CannotOpen
from tests.conftest import KEYS, SECRET_KEY
from tests.support.files import add_person

OTHER = "Zw3vY8mKq1TfLr6pXn2cUe9hJd5sBa7gRt4o"


def sealed_details(database: Database) -> bytes:
    with database.read() as session:
        return bytes(session.scalar(select(type_coerce(Person.details, LargeBinary))))


def test_a_person_comes_back_and_stands_nowhere_in_clear(database: Database) -> None:
    with database.write() as session:
        add_person(session, family_name="Kanarienvogel", email="kanari@example.org")
    with database.read() as session:
        assert session.scalars(select(Person)).one().family_name == "Kanarienvogel"
        rows = session.execute(text("SELECT * FROM person")).all()
    assert b"Kanarienvogel" not in sealed_details(database) and "Kanari" not in repr(rows)


def test_the_same_person_is_sealed_differently_each_time() -> None:
    assert KEYS.seal(b"x", "person.details") != KEYS.seal(b"x", "person.details")


@pytest.mark.parametrize("place", [0, 4, 16, -1])
def test_an_altered_value_does_not_open(database: Database, place: int) -> None:
    with database.write() as session:
        add_person(session)
    altered = bytearray(sealed_details(database))
    altered[place] ^= 1
    with database.write() as session:
        session.execute(text("UPDATE person SET details = :raw"), {"raw": bytes(altered)})
    with pytest.raises(CannotOpen), database.read() as session:
        session.scalars(select(Person)).one()


def test_a_value_does_not_open_in_another_column() -> None:
    with pytest.raises(CannotOpen, match="moved"):
        KEYS.open(KEYS.seal(b"x", "person.details"), "line.body")


def test_without_its_key_a_value_does_not_open() -> None:
    sealed = KEYS.seal(b"x", "line.body")
    with pytest.raises(CannotOpen, match="not configured"):
        Keys(OTHER).open(sealed, "line.body")
    assert Keys(OTHER, SECRET_KEY).open(sealed, "line.body") == b"x"


def test_during_a_rotation_both_indexes_are_looked_for() -> None:
    both = Keys(OTHER, SECRET_KEY).indexes("uci", "00000101")
    assert both == [Keys(OTHER).index("uci", "00000101"), KEYS.index("uci", "00000101")]


def test_indexes_of_two_purposes_do_not_meet() -> None:
    assert KEYS.index("uci", "00000101") != KEYS.index("party", "00000101")
