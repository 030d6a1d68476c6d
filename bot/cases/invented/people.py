"""Invented people and identifiers, from a seeded source of chance."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from random import Random
from typing import Any, Protocol

from bot.cases.invented.names import origins

_FIRST_DAY = date(1900, 1, 1).toordinal()
_LAST_DAY = date(2100, 1, 1).toordinal()


@lru_cache(maxsize=1)
def _iso_days() -> tuple[str, ...]:
    return tuple(date.fromordinal(n).isoformat() for n in range(_FIRST_DAY, _LAST_DAY))


def iso(ordinal: int) -> str:
    """The ISO text of a day given as its proleptic ordinal (looked up: a million cases have tens
    of millions of dates)."""
    return _iso_days()[ordinal - _FIRST_DAY]


class Identifiers(Protocol):
    """Where numbers come from; no two calls give the same one."""

    def number(self, letter: str) -> str: ...

    def uci(self) -> str: ...

    def party_id(self) -> str: ...


class ScrambledIdentifiers:
    """Numbers that look drawn at random but never meet: a counter times a coprime, modulo a range.

    Seeds have ranges of their own (up to 10 million cases each), so files of two seeds can be
    loaded together; the range repeats after 80 seeds.
    """

    def __init__(self, seed: int) -> None:
        self._number = (seed % 80) * 10_000_000
        self._person = (seed % 80) * 100_000_000
        self._party = 91_000_000 + (seed % 80) * 100_000

    def number(self, letter: str) -> str:
        self._number += 1
        return f"{letter}{100_000_000 + self._number * 48_271 % 900_000_000}"

    def uci(self) -> str:
        self._person += 1
        digits = f"{1_000_000_000 + self._person * 69_623 % 9_000_000_000}"
        return f"{digits[:2]}-{digits[2:6]}-{digits[6:]}"

    def party_id(self) -> str:
        self._party += 1
        return f"{self._party:08d}"


class Inventor:
    """Makes people. `rnd` is the source of chance, a float in [0, 1)."""

    def __init__(self, rng: Random, identifiers: Identifiers) -> None:
        self.rnd = rng.random
        self.identifiers = identifiers
        self._origins = origins()

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high` inclusive."""
        return low + int(self.rnd() * (high - low + 1))

    def pick(self, choices: Any) -> Any:
        return choices[int(self.rnd() * len(choices))]

    def family_origin(self) -> tuple[Any, Any]:
        """(origin, family name): what the members of one family share."""
        origin = self.pick(self._origins)
        return origin, self.pick(origin.family)

    def person(
        self, ref: str, roles: list[str], kin: tuple[Any, Any], born: int, *, party: bool = False
    ) -> dict[str, Any]:
        """A person of the family `kin`, born on the day with the ordinal `born`.

        Representatives (`party`) have a party ID, everybody else a UCI.
        """
        rnd = self.rnd
        origin, family = kin
        given = self.pick(origin.given)
        spread = int(rnd() * 1_000)
        person: dict[str, Any] = {
            "ref": ref,
            "roles": roles,
            "family_name": family.text,
            "given_names": given.text,
            "birth_date": iso(born),
            "birth_place": self.pick(origin.places),
            "language": "fr" if rnd() < origin.french else "en",
        }
        person["party_id" if party else "uci"] = (
            self.identifiers.party_id() if party else self.identifiers.uci()
        )
        if rnd() < 0.93:
            host = "example.ca" if spread % 3 else "example.org"
            person["email"] = f"{given.slug}.{family.slug}{spread}@{host}"
        if rnd() < 0.6:
            person["phone"] = f"613-555-01{spread % 100:02d}"
        return person
