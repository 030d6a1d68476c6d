"""Small records to change, files of them, and everything that an import wrote."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.store import (
    Application,
    Database,
    Document,
    History,
    Landing,
    Mandate,
    Participant,
    Person,
    Requirement,
    Section,
    keys_of,
)

TABLES = (
    Application, Document, History, Landing, Mandate, Participant, Person, Requirement, Section,
)  # fmt: skip

BASE: dict[str, Any] = {
    "application_number": "F000000777",
    "line": "family_spouse",
    "stream": "outside_canada",
    "received_on": "2025-01-10",
    "acknowledged_on": "2025-02-01",
    "overall": "in_progress",
    "updated_on": "2025-03-01",
    "as_of": "2025-03-01T12:00:00Z",
    "sections": {
        "eligibility": {"status": "in_progress", "changed_on": "2025-02-10"},
        "biometrics": {"status": "completed", "changed_on": "2025-02-20"},
    },
    "documents": {"medical_exam": {"status": "requested", "changed_on": "2025-02-10"}},
    "people": [
        {
            "ref": "pa",
            "roles": ["principal_applicant"],
            "uci": "0000-0777",
            "family_name": "Lefebvre-N'Guyen",
            "given_names": "Zoé",
            "birth_date": "1990-02-01",
            "birth_place": "Nantes",
            "language": "fr",
            "email": "zoe@example.ca",
        },
        {
            "ref": "sponsor",
            "roles": ["sponsor"],
            "uci": "00-0000-0778",
            "family_name": "Tremblay",
            "given_names": "Luc",
            "birth_date": "1988-05-05",
            "language": "en",
            "consent_on": "2025-01-05",
        },
    ],
    "requirements": [
        {"code": "passport", "person": "pa", "asked_on": "2025-02-15", "due_on": "2025-03-15"}
    ],
}


def record(**changes: Any) -> dict[str, Any]:
    """A valid record; a change of None removes the field."""
    made = {**copy.deepcopy(BASE), **changes}
    return {key: value for key, value in made.items() if value is not None}


def later(day: int = 1, **changes: Any) -> dict[str, Any]:
    """The same application as of `day` days after the base record."""
    moment = f"2025-03-{1 + day:02d}"
    return record(**{"as_of": f"{moment}T12:00:00Z", "updated_on": moment, **changes})


def pa(**changes: Any) -> dict[str, Any]:
    """The principal applicant; a change of None removes the field."""
    made = {**copy.deepcopy(BASE["people"][0]), **changes}
    return {key: value for key, value in made.items() if value is not None}


def write_file(path: Path, *lines: Any) -> Path:
    """A .jsonl file; records are dumped, bytes stand as they are."""
    with path.open("wb") as file:
        for line in lines:
            text = (
                line if isinstance(line, bytes) else json.dumps(line, ensure_ascii=False).encode()
            )
            file.write(text + b"\n")
    return path


def rejected_lines(path: Path) -> list[dict[str, Any]]:
    """The entries of FILE.rejected.jsonl; none when there is no such file."""
    aside = path.with_name(f"{path.name}.rejected.jsonl")
    return (
        [json.loads(line) for line in aside.read_text("utf-8").splitlines()]
        if aside.exists()
        else []
    )


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row that an import writes, by table."""
    with database.read() as session:
        return {
            table.__tablename__: sorted(
                (tuple(row) for row in session.execute(select(table.__table__))), key=repr
            )
            for table in TABLES
        }


def application_id(session: Any, number: str) -> int:
    index = keys_of(session).index("number", number)
    return session.scalars(select(Application.id).where(Application.number_index == index)).one()


def person_named(session: Any, uci: str) -> Person:
    """The person with this normalised UCI."""
    index = keys_of(session).index("uci", uci)
    return session.scalars(select(Person).where(Person.uci_index == index)).one()


def history(database: Database, number: str = "F000000777") -> list[tuple[Any, ...]]:
    """(date, event, subject, before, after) of an application, in the order of its positions."""
    with database.read() as session:
        rows = session.scalars(
            select(History)
            .where(History.application_id == application_id(session, number))
            .order_by(History.position)
        )
        return [(str(r.on), r.event, r.subject, r.before, r.after) for r in rows]
