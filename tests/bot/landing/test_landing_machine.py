"""Only the moves that are written down are possible, each by those it is for; a repeated request
changes nothing; every move leaves its row, its audit row and its notice."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from bot.cases.lines import vocabulary
from bot.landing.machine import AGENT, MOVES, PERSON, STAGES, WAY, to_do
from bot.landing.moving import IllegalMove, NoLanding, here, last_move, move, stage_of
from bot.landing.notices import BILINGUAL, PLAIN
from bot.landing.place import THE_SERVICE, Actor, Place
from bot.rights.authorize import NotAllowed
from bot.store import AuditEntry, Database, Landing, LandingMove, Outbound
from bot.texts import LANGUAGES, say
from tests.bot.landing.family import Family, add_family, by

ACTORS = {"person": None, "agent": Actor(agent="officer"), "service": THE_SERVICE}


@pytest.fixture
def family(database: Database) -> Family:
    with database.write() as session:
        return add_family(session)


def put(database: Database, place: Place, stage: str) -> None:
    with database.write() as session:
        session.execute(update(Landing).where(*here(Landing, place)).values(stage=stage))


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


def test_the_stages_are_those_of_the_files_of_cases() -> None:
    assert set(STAGES) == set(vocabulary().landing_stages)
    assert {m.target for m in MOVES.values()} | {"not_invited"} == set(STAGES)
    assert all(m.sources <= set(STAGES) for m in MOVES.values())


def test_from_every_stage_but_the_last_a_move_leads_on() -> None:
    for stage in set(STAGES) - {"card_mailed"}:
        assert any(stage in m.sources for m in MOVES.values()), stage


@pytest.mark.parametrize("verb", sorted(MOVES))
def test_a_move_goes_only_from_its_stages_and_only_by_its_actors(
    database: Database, family: Family, verb: str
) -> None:
    place = family.place(family.mother)
    before = (count(database, LandingMove), count(database, AuditEntry), count(database, Outbound))
    legal = 0
    for kind, fixed in ACTORS.items():
        actor = fixed or by(family.mother)
        for stage in STAGES:
            put(database, place, stage)
            allowed = stage in MOVES[verb].sources and kind in MOVES[verb].by
            if allowed:
                legal += 1
                with database.write() as session:
                    assert move(session, place, verb, actor)
                    assert stage_of(session, place) == MOVES[verb].target
                continue
            with pytest.raises(IllegalMove), database.write() as session:
                move(session, place, verb, actor)
            with database.read() as session:
                assert stage_of(session, place) == stage
    after = (count(database, LandingMove), count(database, AuditEntry), count(database, Outbound))
    told = verb in BILINGUAL or verb in PLAIN
    assert [b - a for a, b in zip(before, after, strict=True)] == [legal, legal, legal * told]
    assert legal > 0


def test_a_repeated_request_changes_nothing(database: Database, family: Family) -> None:
    place, actor = family.place(family.mother), by(family.mother)
    for _ in range(3):
        with database.write() as session:
            move(session, place, "agree", actor, request="request-1")
    assert (count(database, LandingMove), count(database, AuditEntry)) == (1, 1)


def test_a_move_is_taken_back_with_its_transaction(database: Database, family: Family) -> None:
    place = family.place(family.mother)
    with pytest.raises(RuntimeError), database.write() as session:
        move(session, place, "decline", by(family.mother))
        raise RuntimeError
    with database.read() as session:
        assert (stage_of(session, place), last_move(session, place)) == ("invited", None)
    assert count(database, Outbound) == 0


@pytest.mark.parametrize("verb", [v for v, m in MOVES.items() if PERSON in m.by])
@pytest.mark.parametrize("who", ["representative", "father"])
def test_nobody_moves_the_landing_of_another_adult(
    database: Database, family: Family, verb: str, who: str
) -> None:
    place = family.place(family.mother)
    put(database, place, sorted(MOVES[verb].sources)[0])
    with pytest.raises(NotAllowed), database.write() as session:
        move(session, place, verb, by(getattr(family, who)))


@pytest.mark.parametrize("verb", [v for v, m in MOVES.items() if PERSON in m.by])
def test_the_principal_applicant_moves_a_childs_and_no_adults(
    database: Database, family: Family, verb: str
) -> None:
    for child in (family.son, family.daughter):
        put(database, family.place(child), sorted(MOVES[verb].sources)[0])
        with database.write() as session:
            assert move(session, family.place(child), verb, by(family.mother))
    put(database, family.place(family.father), sorted(MOVES[verb].sources)[0])
    with pytest.raises(NotAllowed), database.write() as session:
        move(session, family.place(family.father), verb, by(family.mother))


def test_a_childs_notices_go_to_the_parent(database: Database, family: Family) -> None:
    put(database, family.place(family.daughter), "not_invited")
    with database.write() as session:
        move(session, family.place(family.daughter), "invite", THE_SERVICE)
    with database.read() as session:
        mail = session.scalars(select(Outbound)).one()
    assert mail.person_id == family.mother and "Lina" in mail.text


def test_the_invitation_has_the_genuine_marks_in_both_languages(
    database: Database, family: Family
) -> None:
    put(database, family.place(family.mother), "not_invited")
    with database.write() as session:
        move(session, family.place(family.mother), "invite", THE_SERVICE)
    with database.read() as session:
        mail = session.scalars(select(Outbound)).one()
    assert mail.subject == (
        "IRCC - Permanent Residence Portal (PR Confirmation) / "
        "Portail de résidence permanente (Confirmation de la RP)"
    )
    for language in LANGUAGES:
        text = say(language, "mail.landing_invited.text", name="Amina Tremblay")
        assert text in mail.text
    assert "canada.ca" in mail.text


def test_without_a_landing_there_is_nothing_to_move(database: Database, family: Family) -> None:
    nowhere = Place(family.application, family.representative)
    with pytest.raises(NoLanding), database.write() as session:
        move(session, nowhere, "invite", THE_SERVICE)


@pytest.mark.parametrize("stage", STAGES)
def test_what_is_to_do_is_a_move_that_the_person_may_make(stage: str) -> None:
    verb = to_do(stage, returned="photo", why="left_canada")
    if verb is not None:
        assert stage in MOVES[verb].sources and PERSON in MOVES[verb].by
    waits = {"not_invited", "agreed", "photo_received", "in_review", *WAY[WAY.index("confirmed") :]}
    assert (verb is None) == (stage in waits)


def test_a_hold_by_an_agent_is_not_ended_by_the_person(database: Database, family: Family) -> None:
    assert to_do("on_hold", why="hold") is None
    assert AGENT in MOVES["come_back"].by
