"""What a confirmation says: the person's details and the texts of both languages, as plain data.

The template `confirmation.typ` only arranges this. What stands on an eCOPR, that it is signed by
hand from 14 and by a parent below, that it is kept for life and is no travel document: knowledge,
domain, section 2.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from unicodedata import normalize

from bot.texts import LANGUAGES, catalogue, say
from bot.texts.dates import long_date

_PLAIN = ("family_name", "given_names", "birth_date", "birth_place", "uci", "application_number")


@dataclass(frozen=True)
class Confirmation:
    """One person's confirmation.

    number: of the document, such as "T123456789". issued_at: a moment with its time zone, in
    which its day is printed.
    address_lines: as on an envelope, up to five. guardian: the parent who signs for a child under
    14; then `signs_self` is False. photo: JPEG bytes.

    Raises:
        ValueError: neither the person nor a guardian signs, or both; or no time zone.
    """

    number: str
    family_name: str
    given_names: str
    birth_date: date
    birth_place: str
    uci: str
    application_number: str
    became_resident_on: date
    issued_at: datetime
    address_lines: tuple[str, ...]
    guardian: str | None
    signs_self: bool
    specimen: bool
    photo: bytes | None = None

    def __post_init__(self) -> None:
        if self.signs_self == bool(self.guardian):
            raise ValueError("either the person signs or a guardian does")
        if self.issued_at.tzinfo is None:
            raise ValueError("the moment of issue needs a time zone")


def page_data(confirmation: Confirmation) -> dict[str, Any]:
    """What the template prints, ready for JSON: `fields` are [English, French, [lines]]."""
    return {
        "number": confirmation.number,
        "fields": [
            [*(say(language, f"ecopr.field.{name}") for language in LANGUAGES), _composed(lines)]
            for name, lines in _values(confirmation)
        ],
        "en": _texts("en", confirmation),
        "fr": _texts("fr", confirmation),
        "guardian": confirmation.guardian,
        "specimen": confirmation.specimen,
    }


def _values(confirmation: Confirmation) -> list[tuple[str, list[str]]]:
    values = [(name, [str(getattr(confirmation, name))]) for name in _PLAIN]
    values.append(("number", [confirmation.number]))
    values.append(("became_resident_on", [confirmation.became_resident_on.isoformat()]))
    values.append(("issued_at", [confirmation.issued_at.date().isoformat()]))
    values.append(("address", list(confirmation.address_lines)))
    if confirmation.guardian:
        values.append(("guardian", [confirmation.guardian]))
    return values


def _composed(lines: list[str]) -> list[str]:
    """Letters with their accents as one character, for which a font has a drawing."""
    return [normalize("NFC", line) for line in lines]


def _texts(language: str, confirmation: Confirmation) -> dict[str, Any]:
    day = long_date(language, confirmation.became_resident_on)
    keys = [key for key in catalogue() if key.startswith("ecopr.page.")]
    texts: dict[str, Any] = {key.rpartition(".")[2]: say(language, key, day=day) for key in keys}
    signing = "sign_own" if confirmation.signs_self else "sign_guardian"
    duties = ("check", signing, "keep", "travel", "download", "error")
    return {**texts, "duties_list": [say(language, f"ecopr.duty.{duty}") for duty in duties]}
