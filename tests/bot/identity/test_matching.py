"""A code goes to whoever the details identify without a doubt, and to nobody else."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
import time_machine
from sqlalchemy import update

from bot.clock import today
from bot.identity.matching import NOBODY, Match, match
from bot.store import Database, Keys, Participant
from bot.store.keys import keys_of
from tests.bot.identity.people import (
    CHILDS_BIRTH,
    WRONG,
    Form,
    add_client,
    add_rep,
    client_form,
    details_of,
    rep_form,
)
from tests.conftest import SECRET_KEY
from tests.support.files import add_mandate, add_person, add_seat

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


def matched(database: Database, form: Form) -> Match:
    with database.read() as session:
        return match(session, details_of(form))


def test_the_right_details_name_the_person_their_address_and_language(
    database: Database, person_id: int, form: Form
) -> None:
    assert matched(database, form) == Match(person_id, "p101@example.ca", "fr")


@pytest.mark.parametrize(
    "change",
    [
        {"family_name": "LEFEBVRE NGUYEN"},
        {"uci": "00000102"},
        {"number": "F000000102"},
        *({field: value} for field, value in WRONG.items()),
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_field_must_agree(
    database: Database, person_id: int, form: Form, change: Form
) -> None:
    assert matched(database, form).person_id == person_id
    assert matched(database, {**form, **change}) is NOBODY


@pytest.mark.parametrize(
    "typed",
    [
        {"uci": "0000-0101", "number": "f-000 000 101"},
        {"family_name": "lefebvre n guyen", "given_names": "ZOE", "birth_place": " montreal "},
        {"family_name": "LEFEBVRE–N’GUYEN", "given_names": "Zoe\u0301"},
        {"birth_date": "1990/2/1"},
    ],
    ids=["separators", "case and accents", "dashes and composed letters", "date"],
)
def test_what_people_write_differently_does_not_matter(
    database: Database, person_id: int, form: Form, typed: Form
) -> None:
    assert matched(database, {**form, **typed}).person_id == person_id


def test_the_right_person_of_another_file_is_nobody_here(
    database: Database, person_id: int, form: Form
) -> None:
    with database.write() as session:
        add_client(session, 102)
    assert matched(database, {**form, "number": "F000000102"}) is NOBODY


@pytest.mark.parametrize("field", ["birth_date", "birth_place", "family_name"])
def test_what_is_not_on_file_agrees_with_nothing(database: Database, field: str) -> None:
    with database.write() as session:
        add_client(session, 101, **{field: "" if field == "family_name" else None})
    assert matched(database, client_form(101)) is NOBODY


def test_without_an_address_on_file_nobody_gets_a_code(database: Database) -> None:
    with database.write() as session:
        add_client(session, 101, email=None)
    assert matched(database, client_form(101)) is NOBODY


def test_a_line_that_is_not_shown_gives_no_code(database: Database) -> None:
    with database.write() as session:
        add_client(session, 101, line="citizenship_certificate")
    assert matched(database, client_form(101)) is NOBODY


@pytest.mark.parametrize(
    ("born", "is_adult"),
    [("2015-02-01", False), ("2008-06-16", False), ("2008-06-15", True)],
    ids=["child", "eighteen tomorrow", "eighteen today"],
)
def test_a_child_has_no_code_of_their_own_until_eighteen(
    database: Database, born: str, is_adult: bool
) -> None:
    with database.write() as session:
        person, _ = add_client(session, 101, birth_date=date.fromisoformat(born))
    with time_machine.travel(datetime(2026, 6, 15, 12, tzinfo=timezone.utc), tick=False):
        found = matched(database, client_form(101, birth_date=born))
    assert found.person_id == (person.id if is_adult else None)


@pytest.mark.parametrize("role", ["dependant", "sponsor"])
def test_everybody_of_the_file_signs_in_for_themselves(database: Database, role: str) -> None:
    with database.write() as session:
        _, application = add_client(session, 101)
        other = add_person(session, uci="00000102", family_name="Roy", given_names="Ali",
                           birth_date=date(1980, 5, 6), birth_place="Oran")  # fmt: skip
        add_seat(session, application, other, role)
    form = client_form(101, uci="00000102", family_name="Roy", given_names="Ali",
                       birth_date="1980-05-06", birth_place="Oran")  # fmt: skip
    assert matched(database, form).person_id == other.id
    assert matched(database, {**form, "uci": "00000101"}) is NOBODY


@pytest.mark.parametrize(
    ("role", "mandate_form"), [("representative", "IMM5476"), ("designated_person", "IMM5475")]
)
def test_who_acts_by_a_mandate_gets_the_code_themselves(
    database: Database, role: str, mandate_form: str
) -> None:
    with database.write() as session:
        person, application = add_rep(session, 101, role)
        add_mandate(session, application, person, mandate_form, scope="status_only")
    assert matched(database, rep_form(101)) == Match(person.id, "r101@example.ca", "en")


@pytest.mark.parametrize(
    "mandate",
    [
        None,
        {"signed_on": today() + DAY},
        {"signed_on": today() - YEAR, "valid_until": today() - DAY},
        {"signed_on": today() - YEAR, "cancelled_on": today()},
    ],
    ids=["none", "not yet", "expired", "cancelled"],
)
def test_without_a_mandate_in_force_nobody_acts_for_another(
    database: Database, mandate: dict[str, Any] | None
) -> None:
    with database.write() as session:
        person, application = add_rep(session, 101)
        if mandate:
            add_mandate(session, application, person, **mandate)
    assert matched(database, rep_form(101)) is NOBODY


@pytest.mark.parametrize(
    "mandate",
    [{"valid_until": today()}, {"cancelled_on": today() + DAY}],
    ids=["last day", "cancelled from tomorrow"],
)
def test_a_mandate_is_good_through_its_last_day(
    database: Database, mandate: dict[str, Any]
) -> None:
    with database.write() as session:
        person, application = add_rep(session, 101)
        add_mandate(session, application, person, **mandate)
    assert matched(database, rep_form(101)).person_id == person.id


def test_a_mandate_on_another_application_opens_nothing_here(database: Database) -> None:
    with database.write() as session:
        person, _ = add_rep(session, 101)
        _, elsewhere = add_client(session, 102)
        add_seat(session, elsewhere, person, "representative")
        add_mandate(session, elsewhere, person)
    assert matched(database, rep_form(101)) is NOBODY
    theirs = {**client_form(102), "party_id": "R0000101"}
    assert matched(database, {**rep_form(101), **theirs}).person_id == person.id


@pytest.mark.parametrize(
    "change",
    [
        {"party_id": "R0000102"},
        {"own_family_name": "Okafo"},
        {"own_given_names": "Ngozy"},
        {"own_family_name": "Ngozi", "own_given_names": "Okafor"},
        {"uci": "00000102"},
        {"family_name": "Lefebvre"},
        {"birth_date": "1990-01-02"},
    ],
    ids=["party", "own family", "own given", "swapped", "uci", "applicant's name", "birth date"],
)
def test_every_field_of_a_representative_must_agree(database: Database, change: Form) -> None:
    with database.write() as session:
        person, application = add_rep(session, 101)
        add_mandate(session, application, person)
    assert matched(database, rep_form(101)).person_id == person.id
    assert matched(database, rep_form(101, **change)) is NOBODY


def test_a_representative_acts_for_a_child_and_has_to_have_an_address(database: Database) -> None:
    with database.write() as session:
        for number, email in ((101, "r101@example.ca"), (102, None)):
            person, application = add_rep(session, number, email=email)
            add_mandate(session, application, person)
            child = add_person(session, uci=f"{number + 900:08d}", birth_date=CHILDS_BIRTH,
                               family_name="Roy", given_names="Ali", birth_place="Oran",
                               email=None)  # fmt: skip
            add_seat(session, application, child, "dependant")
    names = {"family_name": "Roy", "given_names": "Ali", "birth_place": "Oran"}
    child_of = {"birth_date": CHILDS_BIRTH.isoformat(), **names}
    assert matched(database, rep_form(101, uci="00001001", **child_of)).email == "r101@example.ca"
    assert matched(database, rep_form(102, uci="00001002", **child_of)) is NOBODY


def test_the_representative_s_own_details_alone_are_no_way_in(database: Database) -> None:
    """Their seat is no applicant's: a form without the party ID's fields never takes it."""
    with database.write() as session:
        _, application = add_client(session, 101)
        rep = add_person(session, uci=None, party_id="00000555", family_name="Okafor",
                         given_names="Ngozi", birth_place="Lagos")  # fmt: skip
        add_seat(session, application, rep, "representative")
        add_mandate(session, application, rep)
    own = {"uci": "00000555", "family_name": "Okafor", "given_names": "Ngozi",
           "birth_place": "Lagos"}  # fmt: skip
    assert matched(database, client_form(101, **own)) is NOBODY


def test_a_file_indexed_with_the_previous_key_is_still_found(
    database: Database, person_id: int, form: Form
) -> None:
    rotated = Database(database.url, Keys("a-newer-secret-of-more-than-32-characters", SECRET_KEY))
    try:
        assert matched(rotated, form).person_id == person_id
    finally:
        rotated.close()


def test_both_keys_are_asked_for_while_the_rows_are_made_anew(
    database: Database, person_id: int, form: Form
) -> None:
    rotated = Database(database.url, Keys("a-newer-secret-of-more-than-32-characters", SECRET_KEY))
    try:
        with rotated.write() as session:
            lookup = keys_of(session).index("lookup", form["uci"], form["number"])
            session.execute(update(Participant).values(lookup=lookup))
        assert matched(rotated, form).person_id == person_id
        assert matched(database, form) is NOBODY, "the old secret does not find the new index"
    finally:
        rotated.close()
