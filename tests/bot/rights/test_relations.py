"""Who is what to whom: live rows, several roles at once, and what does not count."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, update

from bot.clock import today
from bot.rights.authorize import Viewer, authorize
from bot.rights.matrix import NEVER, load_matrix, widest
from bot.rights.relations import relations
from bot.rights.rows import seats_of
from bot.store import Database, Mandate, Participant
from tests.support.files import add_mandate, add_seat
from tests.support.standing import CHILD, GROWN, Family, Standing, stand

YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def form(session: Any, standing: Standing, act: str = "read_status") -> str:
    where = (standing.person_id, standing.application_id)
    return authorize(session, standing.viewer, act, *where).form


def also(session: Any, family: Family, standing: Standing, role: str, **more: Any) -> None:
    """The viewer takes a second role on the application."""
    add_seat(session, family.application, _Id(standing.viewer.person_id), role, **more)


class _Id:
    """Stands in for a person of whom only the id matters."""

    uci = party_id = None

    def __init__(self, number: int | None) -> None:
        self.id = number


@pytest.mark.parametrize("role", ["representative", "designated_person"])
def test_a_form_that_is_cancelled_between_two_calls_ends_the_right_at_once(
    database: Database, role: str
) -> None:
    with database.write() as session:
        standing = stand(session, role)
    with database.read() as reading:
        assert form(reading, standing) == "yes"
    with database.write() as session:
        session.execute(update(Mandate).values(cancelled_on=today()))
    with database.read() as reading:
        assert form(reading, standing) == "no"


def test_the_rows_are_read_anew_even_in_the_same_session(database: Database) -> None:
    with database.write() as session:
        standing = stand(session, "representative")
        assert form(session, standing) == "yes"
        session.execute(
            update(Mandate)
            .values(cancelled_on=today())
            .execution_options(synchronize_session=False)
        )
        assert form(session, standing) == "no"


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"scope": "all"}, "yes"),
        ({"signed_on": today()}, "yes"),
        ({"signed_on": today() + DAY}, "no"),
        ({"valid_until": today()}, "yes"),
        ({"valid_until": today() - DAY}, "no"),
        ({"cancelled_on": today() + DAY}, "yes"),
        ({"cancelled_on": today()}, "no"),
        ({"form": "IMM5475"}, "no"),
        ({"scope": "addresses"}, "no"),
    ],
    ids=["in force", "signed today", "future", "last day", "expired", "cancelled tomorrow",
         "cancelled", "the other form", "unknown scope"],
)  # fmt: skip
def test_a_form_counts_only_while_it_is_in_force_and_only_for_its_role(
    database: Database, values: dict[str, Any], wanted: str
) -> None:
    with database.write() as session:
        standing = stand(session, "representative")
        session.execute(update(Mandate).values(**values))
        assert form(session, standing) == wanted


def test_a_form_without_the_role_on_the_file_counts_for_nothing(database: Database) -> None:
    with database.write() as session:
        standing = stand(session, "representative")
        session.execute(delete(Participant).where(Participant.role == "representative"))
        assert form(session, standing) == "no"


def test_an_unknown_role_counts_for_nothing(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        friend = family.join("friend")
        for person in (None, friend):
            assert form(session, family.seen_by(friend, person), "read_own_part") == "no"


@pytest.mark.parametrize(
    ("consent_on", "wanted"),
    [(None, "no"), (today() + DAY, "no"), (today(), "yes"), (today() - YEAR, "yes")],
    ids=["none", "tomorrow", "today", "a year ago"],
)
def test_consent_counts_from_its_day(
    database: Database, consent_on: date | None, wanted: str
) -> None:
    with database.write() as session:
        family = Family(session)
        standing = family.seen_by(family.join("sponsor", consent_on))
        assert form(session, standing) == wanted


def test_what_the_principal_signs_does_not_cover_dependants_who_are_grown(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        child, grown = family.dependant(CHILD), family.dependant(GROWN)
        for viewer in (family.mandated("representative"), family.sponsor(consent=True)):
            assert form(session, family.seen_by(viewer, child), "read_member") == "yes"
            assert form(session, family.seen_by(viewer, grown), "read_member") == "no"


def test_a_child_is_on_their_own_from_their_18th_birthday(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        child = family.join("dependant", birth_date=date(2010, 5, 17))
        mine = family.seen_by(family.principal, child)
        for day, wanted in (("2028-05-16", "yes"), ("2028-05-17", "no")):
            with time_machine.travel(f"{day}T12:00:00Z", tick=False):
                assert form(session, mine, "read_landing") == wanted


def test_nobody_without_a_birth_date_counts_as_a_child(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        child = family.dependant(CHILD)
        unknown = family.join("dependant", birth_date=None)
        assert form(session, family.seen_by(family.principal, child), "read_landing") == "yes"
        assert form(session, family.seen_by(family.principal, unknown), "read_landing") == "no"


def test_of_several_relations_the_widest_counts(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        sponsor = family.sponsor()
        standing = family.seen_by(sponsor)
        assert form(session, standing, "read_detail") == "no"
        also(session, family, standing, "representative")
        add_mandate(session, family.application, sponsor)
        assert form(session, standing, "read_detail") == "yes"
        assert form(session, standing, "read_contact") == "masked"


@pytest.mark.parametrize("act", ["read_landing", "do_landing", "submit_photo", "change_address"])
def test_a_never_beats_what_another_relation_allows(database: Database, act: str) -> None:
    with database.write() as session:
        family = Family(session)
        parent = family.principal
        child = family.dependant(CHILD)
        standing = family.seen_by(parent, child)
        assert form(session, standing, act) in ("yes", "step_up")
        also(session, family, standing, "representative")
        assert form(session, standing, act) in ("yes", "step_up"), "no form yet"
        add_mandate(session, family.application, parent)
        assert form(session, standing, act) == NEVER
        session.execute(update(Mandate).values(cancelled_on=today()))
        assert form(session, standing, act) in ("yes", "step_up")


def test_nobody_represents_themself(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        grown = family.dependant(GROWN)
        standing = family.seen_by(grown)
        also(session, family, standing, "representative")
        add_mandate(session, family.application, grown)
        assert form(session, standing, "read_landing") == NEVER, "the principal's"
        assert form(session, family.seen_by(grown, grown), "read_landing") == "yes"


def test_a_sponsor_is_no_self_on_the_application_but_is_on_their_own_person(
    database: Database,
) -> None:
    with database.write() as session:
        family = Family(session)
        sponsor = family.sponsor()
        mine = family.seen_by(sponsor, sponsor)
        assert form(session, mine, "read_own_part") == "yes"
        assert form(session, mine, "read_status") == "no"
        assert form(session, mine, "read_landing") == NEVER
        assert form(session, mine, "see_address") == "masked"


def test_without_an_application_every_one_that_both_stand_on_counts(database: Database) -> None:
    with database.write() as session:
        family, other = Family(session), Family(session)
        add_seat(session, other.application, family.principal, "sponsor")
        child = family.dependant(CHILD)
        who = Viewer(family.principal.id)
        assert authorize(session, who, "see_address", child.id).form == "masked"
        assert authorize(session, who, "see_address", other.principal.id).form == NEVER
        assert authorize(session, who, "see_address", who.person_id).form == "masked"
        add_seat(session, other.application, child, "dependant")
        assert authorize(session, who, "see_address", child.id).form == NEVER, "sponsor there"


def test_an_agent_has_nothing_to_do_with_people_who_are_not_on_the_application(
    database: Database,
) -> None:
    with database.write() as session:
        mine, other = stand(session, "agent_assigned"), stand(session, "self")
        here = (mine.person_id, other.application_id)
        assert authorize(session, mine.viewer, "read_status", *here).form == "no"
        assert authorize(session, mine.viewer, "see_address", mine.person_id).form == "masked"


def test_one_call_asks_the_database_three_times_at_most(database: Database) -> None:
    with database.write() as session:
        family = Family(session)
        viewer = family.mandated("representative")
        for _ in range(12):
            family.dependant(CHILD)
    seen: list[str] = []
    with database.read() as session:
        session.connection()
        event.listen(database.engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        assert form(session, family.seen_by(viewer)) == "yes"
    assert len(seen) == 3


ROLES = ["principal_applicant", "dependant", "sponsor", "representative", "designated_person"]
MATRIX = load_matrix()


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_whatever_the_relations_the_answer_is_their_widest_cell_and_never_wins(
    database: Database, data: st.DataObject
) -> None:
    ages = st.sampled_from([CHILD, GROWN])
    roles = st.sets(st.sampled_from(ROLES), min_size=1, max_size=3)
    with database.write() as session:
        family = Family(session)
        viewer, other = (family.dependant(data.draw(ages)) for _ in range(2))
        for person in (viewer, other):
            for role in data.draw(roles) - {"dependant"}:
                consent = data.draw(st.sampled_from([None, today(), today() + DAY]))
                add_seat(session, family.application, person, role, consent)
        for kind in data.draw(st.sets(st.sampled_from(["IMM5476", "IMM5475"]))):
            scope = data.draw(st.sampled_from(["all", "status_only"]))
            add_mandate(session, family.application, viewer, kind, scope=scope)
        if data.draw(st.booleans()):
            session.execute(
                delete(Participant).where(
                    Participant.person_id == viewer.id, Participant.role == "dependant"
                )
            )
        number = int(family.application.id)
        seats = seats_of(session, viewer.id, number, today())[number]
        for person in (viewer, other, family.principal):
            found = relations(seats, viewer.id, person.id, today())
            for act in ("read_status", "read_detail", "read_landing", "submit_photo"):
                cells = {MATRIX[act][relation] for relation in found}
                answer = authorize(session, Viewer(viewer.id), act, person.id, number)
                assert answer.form == widest(cells)
                assert not (NEVER in cells and answer.allowed)
                assert not answer.allowed or cells - {"no", NEVER}
        session.rollback()
