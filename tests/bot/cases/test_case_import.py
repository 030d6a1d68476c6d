"""An import adds what is new, takes over what is newer, and changes nothing else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from bot.cases import worker
from bot.cases.generating import generate
from bot.cases.importing import import_cases
from bot.store import (
    Application,
    CaseImport,
    Database,
    History,
    Landing,
    Participant,
    Person,
    Requirement,
)
from tests.bot.cases.case_files import (
    BASE,
    contents,
    history,
    later,
    pa,
    person_named,
    record,
    write_file,
)
from tests.bot.cases.conftest import Load
from tests.conftest import KEYS

SPONSOR = BASE["people"][1]
SECTIONS = BASE["sections"]


def count(database: Database, table: Any) -> int:
    with database.read() as session:
        return int(session.scalar(select(func.count()).select_from(table)))


def person(database: Database, uci: str) -> Any:
    with database.read() as session:
        return person_named(session, uci)


def test_a_case_is_found_by_the_blind_index_of_its_person(database: Database, load: Load) -> None:
    assert load(record()).added == 1
    with database.read() as session:
        lookup = database.keys.index("lookup", "00000777", "F000000777")
        found = session.scalars(select(Participant).where(Participant.lookup == lookup)).one()
        sponsor = session.scalars(select(Participant).where(Participant.role == "sponsor")).one()
    assert found.person_id == person(database, "00000777").id
    assert found.role == "principal_applicant" and found.consent_on is None
    assert sponsor.consent_on == date(2025, 1, 5)


def test_a_representative_is_found_by_party_id(database: Database, load: Load) -> None:
    friend = pa(ref="rep", roles=["representative"], uci=None, party_id="9000-0777",
                family_name="Otieno")  # fmt: skip
    load(record(people=[pa(), SPONSOR, friend]))
    lookup = database.keys.index("lookup", "90000777", "F000000777")
    with database.read() as session:
        assert session.scalars(select(Participant).where(Participant.lookup == lookup)).one()


def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(40, 3))
    first = import_cases(database, path)
    before = contents(database)
    again = import_cases(database, path)
    assert (first.added, again.added, again.updated, again.unchanged) == (40, 0, 0, 40)
    assert contents(database) == before
    assert count(database, CaseImport) == 1


def test_a_first_history_is_kept_and_otherwise_begins_with_the_receipt(
    database: Database, load: Load
) -> None:
    done = {"event": "section", "subject": "biometrics", "after": "completed"}
    given = [{"on": "2025-01-10", "event": "received"}, {"on": "2025-02-20", **done}]
    load(record(), record(application_number="F000000778", history=given))
    assert [entry[:2] for entry in history(database)] == [
        ("2025-01-10", "received"), ("2025-02-01", "acknowledged"),
    ]  # fmt: skip
    assert history(database, "F000000778")[1] == (
        "2025-02-20", "section", "biometrics", None, "completed",
    )  # fmt: skip


def test_a_newer_record_updates_and_adds_what_changed_to_the_history(
    database: Database, load: Load
) -> None:
    load(record())
    sections = {**SECTIONS, "eligibility": {"status": "completed", "changed_on": "2025-03-02"}}
    met = [{**BASE["requirements"][0], "met_on": "2025-03-02"},
           {"code": "police_certificate", "person": "pa", "asked_on": "2025-03-02"}]  # fmt: skip
    document = {"medical_exam": {"status": "passed", "changed_on": "2025-03-01"}}
    changed = later(2, overall="closed", sections=sections, requirements=met, documents=document)
    assert load(changed).updated == 1
    assert history(database)[2:] == [
        ("2025-03-01", "document", "medical_exam", "requested", "passed"),
        ("2025-03-02", "section", "eligibility", "in_progress", "completed"),
        ("2025-03-02", "requirement_met", "passport", None, None),
        ("2025-03-02", "requirement_asked", "police_certificate", None, None),
        ("2025-03-03", "overall", None, "in_progress", "closed"),
    ]
    with database.read() as session:
        row = session.scalars(select(Application)).one()
        open_codes = session.scalars(select(Requirement.code).where(Requirement.met_on.is_(None)))
        assert (row.overall, row.updated_on) == ("closed", date(2025, 3, 3))
        assert list(open_codes) == ["police_certificate"]


def test_sections_that_appear_and_have_not_begun_are_no_news(
    database: Database, load: Load
) -> None:
    load(record(sections={}, documents={}, acknowledged_on=None, requirements=None))
    state = {"status": "not_started", "changed_on": "2025-03-02"}
    load(later(1, sections={"biometrics": state}, documents={}, requirements=None,
               acknowledged_on="2025-03-02"))  # fmt: skip
    assert [entry[:2] for entry in history(database)] == [
        ("2025-01-10", "received"), ("2025-03-02", "acknowledged"),
    ]  # fmt: skip


def test_an_update_without_a_visible_change_is_an_updated_entry(
    database: Database, load: Load
) -> None:
    load(record())
    load(later(1))
    assert history(database)[-1] == ("2025-03-02", "updated", None, None, None)


def test_a_later_version_with_the_same_content_only_moves_the_version(
    database: Database, load: Load
) -> None:
    load(record())
    before = history(database)
    assert load(record(as_of="2025-03-04T00:00:00Z")).unchanged == 1
    assert history(database) == before
    # What lies between the two versions is old now.
    assert load(later(1)).unchanged == 1


@pytest.mark.parametrize("as_of", ["2025-03-01T12:00:00Z", "2025-02-28T12:00:00Z"])
def test_an_older_or_equal_version_with_other_content_changes_nothing(
    database: Database, load: Load, as_of: str
) -> None:
    load(record())
    before = contents(database)
    result = load(record(as_of=as_of, overall="closed", updated_on="2025-02-28"))
    assert (result.updated, result.unchanged) == (0, 1)
    assert contents(database) == before


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
def test_of_two_versions_in_one_file_the_newer_one_wins(
    database: Database, load: Load, order: tuple[int, int]
) -> None:
    versions = {1: record(), 2: later(1, overall="closed")}
    result = load(*(versions[n] for n in order))
    assert result.added == 1 and result.updated + result.unchanged == 1
    with database.read() as session:
        assert session.scalars(select(Application.overall)).one() == "closed"


def test_two_versions_in_one_batch_leave_the_same_as_in_two_files(
    database: Database, load: Load, tmp_path: Path
) -> None:
    versions = [record(), later(1, overall="closed"), later(2, requirements=[])]
    load(*versions)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}", KEYS)
    other.migrate()
    for number, version in enumerate(versions):
        import_cases(other, write_file(tmp_path / f"v{number}.jsonl", version))
    assert contents(database) == contents(other)
    other.close()


def test_a_person_of_two_files_is_one_row_at_its_newest_version(
    database: Database, load: Load
) -> None:
    citizenship = {"line": "citizenship_adult", "stream": None, "sections": {}, "documents": {},
                   "requirements": [], "application_number": "C000000778"}  # fmt: skip
    load(record())
    load(later(3, **citizenship, people=[pa(email="new@example.ca")]))
    load(later(1, people=[pa(email="old@example.ca"), SPONSOR]))
    assert person(database, "00000777").email == "new@example.ca"
    assert count(database, Person) == 2
    with database.read() as session:
        numbers = session.scalars(
            select(Application.number)
            .join(Participant, Participant.application_id == Application.id)
            .where(Participant.person_id == person(database, "00000777").id)
        )
        assert set(numbers) == {"F000000777", "C000000778"}


def test_a_person_taken_off_the_file_loses_the_role_and_what_was_asked(
    database: Database, load: Load
) -> None:
    load(record(landing=[{"person": "pa", "stage": "invited", "changed_on": "2025-03-01"}]))
    load(later(1, people=[pa(uci="0000-0999", family_name="Okafor")], requirements=[]))
    assert count(database, Participant) == 1
    assert count(database, Requirement) == 0
    assert count(database, Landing) == 0


def test_somebody_without_identifier_is_known_again_and_takes_a_uci_later(
    database: Database, load: Load
) -> None:
    child = pa(
        ref="child", roles=["dependant"], uci=None, given_names="Léa", birth_date="2015-05-05"
    )
    load(record(people=[pa(), child]), later(1, people=[pa(), child], overall="closed"))
    assert count(database, Person) == 2
    load(later(2, people=[pa(), {**child, "uci": "0000-0555"}]))
    assert count(database, Person) == 2
    assert person(database, "00000555").given_names == "Léa"
    with database.read() as session:
        lookups = session.scalars(select(Participant.lookup)).all()
    assert None not in lookups


def test_landing_that_went_on_here_is_not_set_back_by_an_export(
    database: Database, load: Load
) -> None:
    invited = [{"person": "pa", "stage": "invited", "changed_on": "2025-03-01"}]
    load(record(landing=invited))
    with database.write() as session:
        session.execute(update(Landing).values(stage="declared", changed_on=date(2025, 3, 1)))
    load(later(1, landing=invited, overall="closed"), later(2))
    assert stage(database) == "declared"
    load(later(3, landing=[{"person": "pa", "stage": "returned", "changed_on": "2025-03-04"}]))
    assert stage(database) == "returned"


def stage(database: Database) -> str:
    with database.read() as session:
        return str(session.scalars(select(Landing.stage)).one())


def test_the_worker_process_reads_the_same_as_the_importer_itself(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_file(tmp_path / "cases.jsonl", b"no json", *generate(1_200, 4))
    monkeypatch.setattr(worker, "SMALL_BYTES", 0)
    result = import_cases(database, path)
    assert (result.added, result.rejected) == (1_200, 1)
    other = Database(f"sqlite:///{tmp_path / 'other.db'}", KEYS)
    other.migrate()
    monkeypatch.setattr(worker, "SMALL_BYTES", 1 << 30)
    import_cases(other, path)
    assert contents(database) == contents(other)
    other.close()


def test_progress_goes_from_the_start_to_the_size_of_the_file(
    database: Database, tmp_path: Path
) -> None:
    path = write_file(tmp_path / "cases.jsonl", *generate(5, 3))
    seen: list[Any] = []
    import_cases(database, path, seen.append)
    assert [seen[0].position, seen[-1].position] == [0, path.stat().st_size]
    assert seen[-1].lines == 5


def test_blank_lines_a_byte_order_mark_and_windows_line_ends_do_no_harm(
    database: Database, load: Load
) -> None:
    line = json.dumps(record()).encode()
    result = load(b"\xef\xbb\xbf" + line + b"\r", b"", b"   ")
    assert (result.lines, result.added, result.rejected) == (3, 1, 0)


def test_ids_given_by_the_database_go_on_behind_the_imported_ones(
    database: Database, load: Load
) -> None:
    load(record())
    with database.write() as session:
        as_of = session.scalars(select(Application.as_of)).one()
        session.execute(insert(Person).values(details={}, language="en", as_of=as_of))
    assert count(database, Person) == 3


def test_an_empty_file_is_imported_as_nothing(database: Database, load: Load) -> None:
    assert load().lines == 0
    assert count(database, History) == 0
