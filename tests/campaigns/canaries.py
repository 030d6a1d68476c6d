"""Unique values in every personal field, typed and imported: nowhere to be read afterwards.

A whole service with PASSAGE_LOG_LEVEL=DEBUG gets a file whose every personal field holds a canary,
then a conversation in each language in which the person types all of them, signs in and asks. Then
everything that a process left behind is searched: logs, every file of the state folder, every
column of every table, and what the health pages say.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import inspect, text

from bot.cases.importing import import_cases
from bot.clock import today
from bot.opening import open_database
from bot.store import Base
from tests.campaigns.outcome import Outcome
from tests.support.applicant import Applicant, mailed_code
from tests.support.processes import Service

NUMBER = "F731904826"
PERSON = {
    "uci": "7391-4826",
    "family_name": "Quokkavessel",
    "given_names": "Zwindelina",
    "birth_date": "1971-03-19",
    "birth_place": "Mirrenbrück",
    "email": "canary.quokka@mailbox-canary.example",
    "phone": "613-555-0147",
}
REPRESENTATIVE = {
    "party_id": "8264-1937",
    "family_name": "Okapithorne",
    "given_names": "Balthasina",
    "email": "canary.okapi@mailbox-canary.example",
}
TYPED = {
    "en": [
        "My name is {given_names} {family_name}, UCI {uci}, file {number}",
        "I was born on {birth_date} in {birth_place}",
        "write to {email} or call {phone}",
        "I live at 7319 Canarywharf Crescent, Ottawa ON K1Q 4Z8",
        "where is my application?",
    ],
    "fr": [
        "Je m'appelle {given_names} {family_name}, mon IUC est le {uci}, demande {number}",
        "Je suis née le {birth_date} à {birth_place}",
        "écrivez à {email} ou appelez le {phone}",
        "J'habite au 7319, rue Canarywharf, Ottawa (Ontario) K1Q 4Z8",
        "où en est ma demande?",
    ],
}


@dataclass(frozen=True)
class Canary:
    """A value that must not be read anywhere, in the spellings in which it may turn up."""

    name: str
    spellings: tuple[bytes, ...]


def canaries() -> list[Canary]:
    values = {f"applicant's {k}": v for k, v in PERSON.items()}
    values |= {f"representative's {k}": v for k, v in REPRESENTATIVE.items()}
    values |= {"number": NUMBER, "street": "Canarywharf", "postal code": "K1Q 4Z8"}
    return [Canary(name, _spellings(value)) for name, value in values.items()]


def nothing_is_left_in_clear(service: Service, logs: Path, seed: int) -> Outcome:
    """Live through it, stop the service, search."""
    outcome = Outcome(f"canaries ({service.settings.database_url.split(':')[0]})", seed)
    _load(service)
    service.start("front", "engine", "sender")
    service.wait_ready()
    lines = sum(_live(service, language) for language in ("en", "fr"))
    pages = b"".join(httpx.get(service.url + p).content for p in ("/healthz", "/readyz"))
    service.stop()
    sinks = {"health pages": pages, **_files(logs), **_files(service.settings.home)}
    sinks |= _tables(service)
    for canary in canaries():
        outcome.failures += [f"{canary.name} in {s}" for s in _found(canary, sinks)]
    outcome.figures = {
        "lines said": lines,
        "canaries": len(canaries()),
        "places searched": len(sinks),
        "bytes": sum(map(len, sinks.values())),
    }
    return outcome


def _load(service: Service) -> None:
    database = open_database(service.settings)
    database.migrate()
    day = today().isoformat()
    people: list[dict[str, Any]] = [
        {"ref": "pa", "roles": ["principal_applicant"], "language": "en", **PERSON},
        {"ref": "rep", "roles": ["representative"], "language": "fr", **REPRESENTATIVE},
    ]
    record = {
        "application_number": NUMBER,
        "line": "citizenship_adult",
        "received_on": day,
        "acknowledged_on": day,
        "overall": "in_progress",
        "updated_on": day,
        "as_of": f"{day}T00:00:00Z",
        "sections": {},
        "documents": {},
        "history": [],
        "people": people,
        "requirements": [],
        "mandates": [
            {"person": "rep", "form": "IMM5476", "scope": "all", "signed_on": day}
        ],
        "landing": [],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "canary.jsonl"
        path.write_text(json.dumps(record) + "\n")
        result = import_cases(database, path)
    database.close()
    assert result.added == 1, result


def _live(service: Service, language: str) -> int:
    """A whole conversation; returns how many lines it had."""
    person = Applicant(service.url, language)
    details = {name: PERSON[name] for name in ("uci", "family_name", "given_names", "birth_date",
                                               "birth_place")}  # fmt: skip
    details["number"] = NUMBER
    for sentence in TYPED[language]:
        person.type(sentence.format(**PERSON, number=NUMBER))
        time.sleep(0.3)
    assert person.identify({**details, "family_name": "Quokkavesse"}).status_code == 202
    before = _mails(service.url)
    assert person.identify(details).status_code == 202
    code = mailed_code(service.url, PERSON["email"], after=before)
    person.type(f"my code is {code}" if language == "en" else f"mon code est {code}")
    assert person.code(code).status_code == 200
    person.type({"en": "what happened so far?", "fr": "que s'est-il passé jusqu'ici?"}[language])
    person.type(f"{PERSON['given_names']} {PERSON['family_name']}")
    lines = person.all_lines_when(lambda seen: len(seen) > 25, seconds=6)
    person.close()
    return len(lines)


def _mails(url: str) -> int:
    mails = httpx.get(f"{url}/demo/outbox.json").json()
    return sum(1 for mail in mails if mail["to"] == PERSON["email"])


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _tables(service: Service) -> dict[str, bytes]:
    """Every table as its raw columns say it."""
    database = open_database(service.settings)
    names = set(inspect(database.engine).get_table_names()) & set(Base.metadata.tables)
    with database.engine.connect() as connection:
        found = {
            f"table {name}": b"\n".join(_raw(connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in names
        }
    database.close()
    return found


def _raw(rows: Any) -> Iterator[bytes]:
    for row in rows:
        yield b"|".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
        )


def _found(canary: Canary, sinks: dict[str, bytes]) -> list[str]:
    lowered: Callable[[bytes], bytes] = bytes.lower
    return [
        name
        for name, content in sinks.items()
        if any(spelling in lowered(content) for spelling in canary.spellings)
    ]


def _spellings(value: str) -> tuple[bytes, ...]:
    """As typed and without separators, in the encodings that a process may use."""
    plain = "".join(c for c in value if c.isalnum())
    forms = {value.lower(), plain.lower(), json.dumps(value.lower()).strip('"')}
    return tuple({f.encode(code) for f in forms for code in ("utf-8", "utf-16-le", "latin-1")})
