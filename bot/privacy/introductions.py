"""The words that introduce a name. A name without any of them is not recognised."""

from __future__ import annotations

import re
from typing import NamedTuple

_PEOPLE = (
    "(?:husband|wife|spouse|partner|fiancee?|sons?|daughters?|child|children|kids?|baby|mother"
    "|father|mom|mum|dad|brothers?|sisters?|sponsor|friend|lawyer|representative|consultant|nephew"
    "|niece|uncle|aunt|cousin|boyfriend|girlfriend|employer)"
)
_GENS = (
    "(?:(?:(?:beau|belle)-)?(?:fils|filles?|mere|pere|freres?|s(?:oe|œ)urs?)|mari|femme|epouse|epoux"
    "|conjointe?|partenaire|fiancee?|garcon|enfants?|bebe|maman|papa|repondante?|parraine?|garante?"
    "|amie?|avocate?|representante?|consultante?|neveu|niece|oncle|tante|cousine?|copine?|blonde"
    "|chum)"
)
_COLON = r"(?: ?[:=] ?| - )"
_QUOTE = r"[\"«']? ?"


class Introduction(NamedTuple):
    """What comes before a name, and what the name must be like.

    small: the name may be in small letters. least: how many words it has at least. closing: the
    name must be the end of the text, as a signature is.
    """

    pattern: re.Pattern[str]
    small: bool = False
    least: int = 1
    closing: bool = False


def _says(either: str, then: str = " ") -> re.Pattern[str]:
    """One of the words `either`, followed by `then`."""
    return re.compile(rf"\b(?:{either}){then}")


_IS = rf"(?: is:? | are | was |'s |{_COLON}){_QUOTE}"
_EST = rf"(?: de famille| complet)?(?: est | c'est |{_COLON}){_QUOTE}"
_SPEAKS = r" (?=[^.?!,]{2,40} (?:speaking|calling|here)\b)"
_GREETING = "hello|hi|hey|good (?:morning|afternoon|evening)|bonjour|bonsoir|salut"
_ROLE = (
    "sponsor|applicant|spouse|dependent|repondante?|demandeur|demandeuse|principale?|parrain"
    "|conjointe?"
)
_CLOSING = (
    "regards|sincerely|respectfully|best|cheers|thanks|thank you"
    "|merci(?: d'avance| bien)?|cordialement|salutations|respectueusement|bien a vous"
)

INTRODUCTIONS = (
    Introduction(_says("names?|surname", _IS), small=True),
    Introduction(_says("noms?|prenoms?", _EST), small=True),
    Introduction(_says("(?:[mts][' ]|jm)app?elle?", rf"(?: |{_COLON}){_QUOTE}"), small=True),
    Introduction(_says("this is", _SPEAKS), small=True),
    Introduction(_says("called|named|myself|names?|prenommee?|nommee?|me nomme|noms?")),
    Introduction(_says("moi,? c(?:'?est)?|ici c'?est")),
    Introduction(_says("i'm|i am|im|this is|je suis|ici|c'est"), least=2),
    Introduction(_says(_GREETING, "[ ,.!]{1,3}"), least=2),
    Introduction(_says(_ROLE, "(?: is| est| :|:)? "), least=2),
    Introduction(_says(rf"(?:my|our|his|her)(?: \w+)? {_PEOPLE}", "(?: is| are|,| :|:)? ")),
    Introduction(
        _says(
            rf"(?:mon|ma|mes|notre|nos|son|sa|ses)(?: \w+)? {_GENS}",
            "(?: est| c'est| sont|,| :|:)? (?:me |maitre )?",
        )
    ),
    Introduction(_says(rf"{_PEOPLE} of |{_GENS} de |{_GENS} d'", "")),
    Introduction(_says("mr|mrs|ms|mme|mlle|monsieur|madame", r"\.? ")),
    # "M. Roy", but not the end of "3 p.m. Monday".
    Introduction(re.compile(r"(?<!\.)\bm\. ")),
    Introduction(_says(_CLOSING, "[ ,.!-]{1,4}"), closing=True),
)
