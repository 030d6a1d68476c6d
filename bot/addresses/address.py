"""One Canadian address in its normal form, and how it is written on an envelope."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from bot.addresses.provinces import province_name
from bot.addresses.words import ALIKE, folded

FIELDS = ("street", "unit", "city", "province", "postal_code")
# What may stand before the civic number: "4B-123 Main St"; a "Basement" stands after the street.
_SHORT_UNIT = re.compile(r"[A-Za-z]?\d{1,5}[A-Za-z]?|[A-Za-z]|[A-Za-z]{2}\d{1,4}")


@dataclass(frozen=True, eq=False)
class Address:
    """An address in Canada as `check_address` accepted it.

    street: civic number, then type, name and direction in the order of their language, one line.
    unit: without its word, "" or such as "4B". province: two letters. postal_code: "K1A 0B1".
    Two addresses are equal when they name the same door: case, accents, punctuation and the way
    street types and directions are shortened do not count.
    """

    street: str
    unit: str
    city: str
    province: str
    postal_code: str

    def lines(self, language: str) -> tuple[str, ...]:
        """The lines on an envelope, by Canada Post's addressing guidelines.

        The unit stands before the civic number, joined by a hyphen, and two spaces before the
        postal code. In French the province is written out in parentheses, which Canada Post takes
        as well as the symbol.
        """
        symbol = self.province
        province = f"({province_name('fr', symbol)})" if language == "fr" else symbol
        return (self._door(), f"{self.city} {province}  {self.postal_code}")

    def _door(self) -> str:
        if not self.unit:
            return self.street
        if _SHORT_UNIT.fullmatch(self.unit):
            return f"{self.unit}-{self.street}"
        return f"{self.street} {self.unit}"

    @property
    def key(self) -> str:
        """The same text for every way of writing this address; to compare or to index."""
        return "|".join(_alike(value) for value in (getattr(self, name) for name in FIELDS))

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> Address:
        """The address that `to_json` gave.

        Raises:
            KeyError: a field is missing.
        """
        return cls(**{name: str(data[name]) for name in FIELDS})

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Address) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)


def is_same(one: Address, other: Address) -> bool:
    """Whether both name the same door."""
    return one == other


def _alike(value: str) -> str:
    words = re.findall(r"[^\W_]+", folded(value).replace("'", "").replace("’", ""))
    return " ".join(ALIKE.get(word, word) for word in words)
