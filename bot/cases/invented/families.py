"""Invented families: who stands on an application, in which role, with which form."""

from __future__ import annotations

from typing import Any

from bot.cases.invented.people import Inventor, iso

YEAR = 365
People = list[dict[str, Any]]


def family_people(inventor: Inventor, line: str, today: int) -> People:
    """The sponsored person, dependants and sponsor of a family class application."""
    kin = inventor.family_origin()
    if line == "family_child":
        parent_born = today - inventor.between(24 * YEAR, 55 * YEAR)
        child_born = max(parent_born + 18 * YEAR, today - inventor.between(5 * YEAR, 21 * YEAR))
        people = [inventor.person("pa", ["principal_applicant"], kin, child_born)]
        sponsor_kin = kin
    else:
        parent_born = today - inventor.between(24 * YEAR, 65 * YEAR)
        people = [inventor.person("pa", ["principal_applicant"], kin, parent_born)]
        people += _dependants(inventor, kin, parent_born, today)
        sponsor_kin = inventor.family_origin()
    sponsor = inventor.person("sponsor", ["sponsor"], sponsor_kin, parent_born)
    if inventor.rnd() < 0.7:
        sponsor["consent_on"] = iso(today - inventor.between(1, 300))
    return [*people, sponsor]


def _dependants(inventor: Inventor, kin: tuple[Any, Any], parent_born: int, today: int) -> People:
    if inventor.rnd() > 0.3:
        return []
    return [
        inventor.person(
            f"child{n}",
            ["dependant"],
            kin,
            # Born when the parent was 18 or older, and before the application.
            max(parent_born + 18 * YEAR, today - inventor.between(5 * YEAR, 21 * YEAR)),
        )
        for n in range(1, inventor.between(2, 4))
    ]


def citizenship_people(inventor: Inventor, line: str, today: int) -> tuple[People, People]:
    """(people, mandates) of a grant application; a minor has a parent who acts for them."""
    kin = inventor.family_origin()
    if line == "citizenship_adult":
        born = today - inventor.between(19 * YEAR, 75 * YEAR)
        return [inventor.person("pa", ["principal_applicant"], kin, born)], []
    born = today - inventor.between(6 * YEAR, 17 * YEAR)
    parent_born = born - inventor.between(20 * YEAR, 40 * YEAR)
    minor = inventor.person("pa", ["principal_applicant"], kin, born)
    parent = inventor.person("parent", ["representative"], kin, parent_born)
    return [minor, parent], [mandate(inventor, "parent", "IMM5476", today, "active")]


def mandate(
    inventor: Inventor, ref: str, form: str, today: int, state: str, scope: str = "all"
) -> dict[str, Any]:
    """A form that is `active`, `expired` or `cancelled` today."""
    signed = today - inventor.between(200, 400)
    entry: dict[str, Any] = {
        "person": ref,
        "form": form,
        "scope": scope,
        "signed_on": iso(signed),
    }
    if state == "expired":
        entry["valid_until"] = iso(today - inventor.between(1, 100))
    elif state == "cancelled":
        entry["cancelled_on"] = iso(today - inventor.between(1, 100))
    elif inventor.rnd() < 0.5:
        entry["valid_until"] = iso(today + inventor.between(30, 700))
    return entry
