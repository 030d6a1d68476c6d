"""The street line: what in it is the unit, whether it has a civic number, whether it is a box."""

from __future__ import annotations

import re

from bot.addresses.words import ENGLISH_TYPES, FRENCH_TYPES, folded

_NAMED = (
    r"(?:apartment|appartement|appt|apt|app|unit[eé]?|suite|bureau|bur|office|local|logement|log"
    r"|room|chambre)"
)
_WORD = rf"(?:{_NAMED}\b|no\b|nº|n°|#)"
_SHAPE = r"(?:(?:PH|TH)\s?\d{1,4}|\d{1,5}[A-Z]?|[A-Z]{1,2}\d{1,4}|[A-Z])\b"
_CIVIC = r"[1-9]\d{0,5}\s?[A-Z]?\b(?:\s[1-3]/[234])?"
_BEFORE = re.compile(
    rf"(?:{_WORD}\s?[.:]?\s?#?\s?(?P<unit>{_SHAPE})\s?[,-]?|(?P<bare>{_SHAPE})\s?-)\s?"
    rf"(?P<street>{_CIVIC}[\s,]+\S.*)",
    re.I,
)
_AFTER = re.compile(
    rf"(?P<street>.*[^\s,])[\s,]+(?:{_NAMED}\b\s?[.:]?\s?#?|#)\s?(?P<unit>{_SHAPE})", re.I
)
# The number after these words is the road's own: "1234 Highway #7", "1234 Main St RR #3".
_OWN_NUMBER = re.compile(
    r"(?:\br\.?r\.?|hwy|highway|route|rte|line|conc|concession|autoroute|rang|rg|site|comp|lot"
    r"|(?:county|regional|range|township|concession|rural) (?:road|rd|route)\.?)$",
    re.I,
)
_PLACE_AFTER = re.compile(
    r"(?P<street>.*\S)[\s,]+(?P<unit>basement|bsmt|sous-sol|upper|lower|penthouse)", re.I
)
_UNIT_ONLY = re.compile(rf"(?:{_WORD}\s?[.:]?\s?#?)?\s?(?P<unit>{_SHAPE})", re.I)
_NUMBERED = re.compile(rf"{_CIVIC}\s(?=.*[^\W\d_]).+", re.I)
_ORDINAL = re.compile(r"\d+e (\w+)(?: (?:[nseo]|est|ouest|nord|sud)\.?)?", re.I)
_RURAL = re.compile(r"\br\.?\s?r\.?\s?#?\s?(\d+)\b", re.I)
_FRACTIONS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4"}
_DASHES = str.maketrans("‐‑‒–—−", "------")

# A box or a counter of the post office; a card does not go there (knowledge: domain, section 2.5).
# Read without accents, and with spaces for all other signs: "P.-O. Box" is "p o box".
_BOX = re.compile(
    r"\bp ?[o0] ?b(?:ox|x)?\b|\bpost(?:al)? (?:office )?box\b|\bbox ?#? ?\d|\bbox ?#? ?[a-z]$"
    r"|\bpmb ?#? ?\d|\b[cb] ?p ?#? ?\d|\b(?:case|casier|boite) postale?\b|^\d+ (?:[cb] ?p|box)$"
    r"|\bgen(?:eral)? (?:delivery|del)\b|\bposte restante\b|\bgd\b(?! \w)|\bpostal station\b"
    r"|\bsucc(?:ursale)? \w|\bsac postal\b|\bmail ?bag\b|\block ?box\b|\bbag \d"
)
# Without a civic number these say where mail is kept, and not where somebody lives.
_MAIL_ONLY = re.compile(
    r"(?:r ?r ?#? ?\d|rural route|route rurale|site \d|comp(?:artment)? \d|station\b|stn\b"
    r"|box\b|c ?p\b|sac \d)"
)


def tidy_street(text: str) -> str:
    """One line without commas, as Canada Post writes it: "123, rue A" is "123 rue A"."""
    for sign, written in _FRACTIONS.items():
        text = text.replace(sign, written)
    line = " ".join(text.translate(_DASHES).replace(",", " ").split()).strip(" ;.")
    return _RURAL.sub(r"RR \1", line)


def tidy_unit(text: str) -> str:
    """A unit without its word: "Apt. 4b" is "4B"."""
    line = " ".join(text.translate(_DASHES).split()).strip(" ,;.-")
    found = _UNIT_ONLY.fullmatch(line)
    return _compact(found["unit"]) if found else line.strip("# ,;.-")


def split_unit(street: str) -> tuple[str, str]:
    """(unit, street) of a line that has both; the unit is "" when there is none."""
    found = _BEFORE.fullmatch(street)
    if found:
        return _compact(found["unit"] or found["bare"]), found["street"]
    found = _AFTER.fullmatch(street)
    if found and has_civic_number(found["street"]) and not _OWN_NUMBER.search(found["street"]):
        return _compact(found["unit"]), found["street"]
    found = _PLACE_AFTER.fullmatch(street)
    if found and has_civic_number(found["street"]):
        return found["unit"].capitalize(), found["street"]
    return "", street.lstrip("# ")


def _compact(unit: str) -> str:
    return unit.replace(" ", "").upper()


def has_civic_number(street: str) -> bool:
    """Whether the line begins with a number and goes on with a name: not "4e Avenue" alone."""
    ordinal = _ORDINAL.fullmatch(street)
    if ordinal and ordinal[1].lower() in FRENCH_TYPES | ENGLISH_TYPES:
        return False
    return bool(_NUMBERED.fullmatch(street))


def is_box(line: str) -> bool:
    """Whether this names a box, general delivery or a station; a rural route needs a number."""
    return names_box(line) or bool(_MAIL_ONLY.match(_plain(line)))


def names_box(text: str) -> bool:
    """Whether a box, general delivery or a branch of the post office is named anywhere in it."""
    return bool(_BOX.search(_plain(text)))


def _plain(text: str) -> str:
    return re.sub(r"[^\w#]+", " ", folded(text)).strip()
