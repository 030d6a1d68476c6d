"""One person for each outcome of the details form, and the steps of signing in as tests take them.

Whatever is typed and filed is of the same length in each class: only the outcome differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.identity.budgets import BUDGETS, Budgets, subject_of
from bot.identity.codes import Attempt
from bot.identity.details import Details, parse_details
from bot.identity.flow import Caller, enter_code, submit_details
from bot.store import Database, Lock, Outbound, Person
from bot.store.moments import read_clock
from tests.support.files import add_application, add_mandate, add_person, add_seat

Form = dict[str, str]
Build = Callable[[Any, int], Form]

BIRTH, CHILDS_BIRTH = date(1990, 2, 1), date(2015, 2, 1)
NAMES = {"family_name": "Lefebvre-N’Guyen", "given_names": "Zoé", "birth_place": "Montréal"}
OWN_NAMES = {"family_name": "Okafor", "given_names": "Ngozi"}
# One field of the form at a time that is not what is on file.
WRONG = {"family_name": "Lefebvre-Nguyenn", "given_names": "Zoë Marie", "birth_date": "1990-01-02",
         "birth_place": "Montreuil"}  # fmt: skip
PUBLIC_URL = "https://passage.example.ca"


def client_form(number: int, **changes: str) -> Form:
    """What the applicant of file `number` types."""
    usual = {"uci": f"{number:08d}", "number": f"F{number:09d}", "family_name": "Lefebvre-N'Guyen",
             "given_names": "Zoé", "birth_date": BIRTH.isoformat(),
             "birth_place": "Montréal"}  # fmt: skip
    return {**usual, **changes}


def rep_form(number: int, **changes: str) -> Form:
    """What somebody who acts for the applicant of file `number` types."""
    own = {"party_id": f"R{number:07d}", "own_family_name": "Okafor", "own_given_names": "Ngozi"}
    return {**client_form(number), **own, **changes}


def add_client(
    session: Any, number: int, line: str = "family_partner", **details: Any
) -> tuple[Person, Any]:
    """The applicant of file `number`, and the file."""
    usual = {"uci": f"{number:08d}", "birth_date": BIRTH, "email": f"p{number}@example.ca"}
    person = add_person(session, **{**usual, **NAMES, **details})
    application = add_application(session, f"F{number:09d}", line)
    add_seat(session, application, person)
    return person, application


def add_rep(
    session: Any, number: int, role: str = "representative", **details: Any
) -> tuple[Person, Any]:
    """Somebody with a seat on the file of `add_client(number)` and no mandate; and the file."""
    _, application = add_client(session, number)
    usual = {"uci": None, "party_id": f"R{number:07d}", "email": f"r{number}@example.ca",
             "birth_date": None, "birth_place": None}  # fmt: skip
    person = add_person(session, **{**usual, **OWN_NAMES, **details})
    add_seat(session, application, person, role)
    return person, application


def lock_out(session: Any, identifier: str) -> None:
    until = read_clock(session) + timedelta(hours=24)
    subject = subject_of(session, identifier)
    session.add(Lock(subject=subject, until=until, reason="failures"))


def _match(session: Any, number: int) -> Form:
    add_client(session, number)
    return client_form(number)


def _wrong_field(session: Any, number: int) -> Form:
    """Another field with each number."""
    add_client(session, number)
    field = list(WRONG)[number % len(WRONG)]
    return client_form(number, **{field: WRONG[field]})


def _unknown_file(session: Any, number: int) -> Form:
    return client_form(number)


def _locked(session: Any, number: int) -> Form:
    add_client(session, number)
    lock_out(session, f"{number:08d}")
    return client_form(number)


def _no_email(session: Any, number: int) -> Form:
    add_client(session, number, email=None)
    return client_form(number)


def _not_covered(session: Any, number: int) -> Form:
    add_client(session, number, line="citizenship_certificate")
    return client_form(number)


def _minor(session: Any, number: int) -> Form:
    add_client(session, number, birth_date=CHILDS_BIRTH)
    return client_form(number, birth_date=CHILDS_BIRTH.isoformat())


def _representative(session: Any, number: int) -> Form:
    person, application = add_rep(session, number)
    add_mandate(session, application, person)
    return rep_form(number)


def _mandate_missing(session: Any, number: int) -> Form:
    add_rep(session, number)
    return rep_form(number)


CLIENTS: Mapping[str, Build] = {
    "match": _match,
    "wrong field": _wrong_field,
    "unknown file": _unknown_file,
    "locked": _locked,
    "no e-mail": _no_email,
    "not covered": _not_covered,
    "minor": _minor,
}
# Their form has more fields, so they are compared with each other.
REPRESENTATIVES: Mapping[str, Build] = {
    "representative": _representative,
    "mandate missing": _mandate_missing,
}
CLASSES: Mapping[str, Build] = {**CLIENTS, **REPRESENTATIVES}


def details_of(form: Form) -> Details:
    return parse_details(form)


def caller(budgets: Budgets = BUDGETS, address: str = "192.0.2.1") -> Caller:
    return Caller(address, PUBLIC_URL, budgets)


def send(database: Database, conversation: str, form: Form, here: Caller | None = None) -> str:
    """Send the details; the code in the e-mail that was written, which may be a decoy's."""
    with database.write() as session:
        submit_details(session, conversation, details_of(form), here or caller())
    return code_in(newest_mail(database))


def enter(database: Database, conversation: str, code: str) -> tuple[Attempt, str | None]:
    with database.write() as session:
        return enter_code(session, conversation, code)


def newest_mail(database: Database) -> Outbound:
    with database.read() as session:
        mail = session.scalars(select(Outbound).order_by(Outbound.id.desc()).limit(1)).first()
    assert mail is not None
    return mail


def code_in(mail: Outbound) -> str:
    found = re.search(r"\d{4} \d{4}", mail.text)
    assert found, mail.text
    return found.group()


def not_me_in(mail: Outbound) -> str:
    """The token of the "this was not me" address."""
    found = re.search(rf"{PUBLIC_URL}/(?:en|fr)/not-me/([\w-]+)", mail.text)
    assert found, mail.text
    return found.group(1)


def wrong(code: str) -> str:
    """A code that is not `code`."""
    return code[:-1] + str((int(code[-1]) + 1) % 10)
