"""Do these details belong to somebody who may have a code? Compared as the tracker does.

Whether they do, which of them does not, whether there is such a file at all and why a code may not
be sent are all the same work and the same queries: what is not there is stood in for by a dummy,
every field is compared whatever the first says, and nothing returns early (knowledge: security,
T01 and T02).
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import LargeBinary, literal, select, type_coerce
from sqlalchemy.orm import aliased

from bot.cases.lines import is_covered
from bot.clock import today
from bot.identity.details import Details
from bot.rights.ages import is_minor
from bot.rights.mandates import mandates_in_force
from bot.store import Application, Keys, Participant, Person, keys_of
from bot.store.cases import DETAILS, as_date
from bot.store.normal import normal_name

_NOBODY = json.dumps(dict.fromkeys(DETAILS)).encode()
_NO_ID = -1
_OWN_ROLES = frozenset({"principal_applicant", "dependant", "sponsor"})


@dataclass(frozen=True)
class Match:
    """Who is to get a code; all None when nobody is."""

    person_id: int | None
    email: str | None
    language: str | None


NOBODY = Match(None, None, None)


@dataclass(frozen=True)
class _Seat:
    """Somebody's place on an application, or the dummy that stands in for it."""

    person_id: int
    application_id: int
    line: str
    role: str
    language: str
    details: Mapping[str, Any]


def match(session: Any, details: Details) -> Match:
    """Whoever the details identify and who may have a code, else NOBODY."""
    keys, day = keys_of(session), today()
    client = _seat(session, keys, details.uci, details.number)
    rep = details.representative
    own = _seat(session, keys, rep.party_id if rep else "", details.number)
    mandates = mandates_in_force(session, own.application_id, own.person_id, day)
    asking = own if rep else client
    conditions = [
        _agree(_client_says(details), _file_says(client.details)),
        _agree(_rep_says(details), _rep_on_file(own.details)) or rep is None,
        client.role in _OWN_ROLES,
        (rep is None) or (bool(mandates) and own.application_id == client.application_id),
        (rep is not None) or not is_minor(as_date(client.details["birth_date"]), day),
        bool(asking.details["email"]),
        is_covered(client.line),
    ]
    found = Match(asking.person_id, asking.details["email"], asking.language)
    return found if all(conditions) else NOBODY


def _seat(session: Any, keys: Keys, identifier: str, number: str) -> _Seat:
    """The place that (identifier, number) names. One row comes back whether or not there is one,
    and one seal is opened."""
    seat = aliased(Participant)
    one = select(literal(1).label("one")).subquery()
    row = session.execute(
        select(
            Person.id,
            Application.id.label("application_id"),
            Application.line,
            seat.role,
            Person.language,
            type_coerce(Person.details, LargeBinary).label("sealed"),
        )
        .select_from(one)
        .outerjoin(seat, seat.lookup.in_(keys.indexes("lookup", identifier, number)))
        .outerjoin(Person, Person.id == seat.person_id)
        .outerjoin(Application, Application.id == seat.application_id)
        .order_by(seat.role)
        .limit(1)
    ).one()
    sealed = row.sealed if row.sealed is not None else _dummy(keys)
    details = json.loads(keys.open(sealed, "person.details"))
    if row.id is None:
        return _Seat(_NO_ID, _NO_ID, "", "", "", details)
    return _Seat(row.id, row.application_id, row.line, row.role, row.language, details)


def _dummy(keys: Keys) -> bytes:
    """A sealed person that is nobody, made once for these keys."""
    found = _DUMMIES.get(keys.id)
    if found is None:
        found = _DUMMIES[keys.id] = keys.seal(_NOBODY, "person.details")
    return found


_DUMMIES: dict[bytes, bytes] = {}


def _agree(said: list[str], filed: list[str]) -> bool:
    """Compared field by field to the end; an empty field on file agrees with nothing."""
    same = [hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(said, filed, strict=True)]
    return all(same) and all(filed)


def _client_says(details: Details) -> list[str]:
    names = (details.family_name, details.given_names, details.birth_place)
    return [details.birth_date.isoformat(), *map(normal_name, names)]


def _file_says(filed: Mapping[str, Any]) -> list[str]:
    names = ("family_name", "given_names", "birth_place")
    return [filed["birth_date"] or "", *(normal_name(filed[name] or "") for name in names)]


def _rep_says(details: Details) -> list[str]:
    rep = details.representative
    return [normal_name(rep.family_name), normal_name(rep.given_names)] if rep else ["", ""]


def _rep_on_file(filed: Mapping[str, Any]) -> list[str]:
    return [normal_name(filed[name] or "") for name in ("family_name", "given_names")]
