"""Where the street that follows a civic number ends."""

from __future__ import annotations

import re

from bot.privacy.line import Line, Word
from bot.privacy.words import ALSO_NAMES, is_everyday, words

# Types after the name (English) and before it (French). The weak ones are ordinary words as well:
# with them the name needs a capital.
_AFTER_STRONG = words("""
    street st str avenue ave av road rd drive dr boulevard blvd boul lane ln crescent cres cr
    parkway pkwy highway hwy trail terrace rue sideroad
""")
_AFTER_WEAK = words("""
    way place pl court ct crt circle cir square sq gate grove close row walk path mews heights hts
    line trl terr hill view green bay cove landing manor point ridge gardens private
""")
_BEFORE_STRONG = words("""
    rue avenue av ave boulevard boul bd blvd chemin ch allee impasse croissant ruelle
""")
_BEFORE_WEAK = words("""
    place pl cours route rte voie quai square passage cote montee promenade carre terrasse rang
    highway hwy
""")
# Types whose name may be a number: route 132.
_NUMBERED = words("route rte rang highway hwy concession chemin autoroute avenue rue")
_LINKS = words("de du des la le les l d")
# Everyday words that streets are named after, when they have a capital.
_STREET_WORDS = ALSO_NAMES | words("""
    old new first second third city country house spring summer college university station mill
""")
_ORDINAL = re.compile(r"\d{1,3}(?:st|nd|rd|th|e|re|er|ere|eme|ieme)")
_GAP = re.compile(r"\.? {1,2}")
_GAP_AFTER_CIVIC = re.compile(r" ?, ?| {1,2}|\. ")
_ANNOUNCED = re.compile(
    r"(?:\b(?:live|living|reside|stay|moved) (?:at|to)|\baddress(?: is| was|:| :)?"
    r"|\badresse(?: est| c'est|:| :)?|\b(?:habite|demeure|reste|vis)(?: au| a)?) ?$"
)
_MOST_NAME_WORDS = 4


def street_end(line: Line, civic: int) -> int | None:
    """The place past the street that begins after word `civic`; None when there is no street."""
    first = civic + 1
    if first < len(line.words) and line.words[first].plain in ("bis", "ter"):
        first += 1
    if first >= len(line.words) or line.words[first].plain.isdigit():
        return None
    if not _GAP_AFTER_CIVIC.fullmatch(line.gap(first)):
        return None
    start = line.words[civic].start
    announced = _ANNOUNCED.search(line.plain, max(0, start - 24), start) is not None
    last = _french(line, first) or _english(line, first, announced)
    if last is None and announced:
        last = _untyped(line, first)
    return None if last is None else line.words[last].end


def _french(line: Line, first: int) -> int | None:
    """rue des Érables, boul. René-Lévesque, route 132: the number of the last word."""
    kind, number = line.words[first].plain, first + 1
    if kind in _NUMBERED and _follows(line, number) and _is_number(line.words[number]):
        return number
    strong = kind in _BEFORE_STRONG
    if not strong and kind not in _BEFORE_WEAK:
        return None
    while _follows(line, number) and line.words[number].plain in _LINKS:
        number += 1
    if not _follows(line, number) or not (strong or _is_proper(line.words[number])):
        return None
    # Behind a strong type a capital is enough: rue Principale, rue de la Poste.
    least = number + (strong and _is_proper(line.words[number]))
    past = max(least, _name_end(line, number, 2))
    return past - 1 if past > number else None


def _english(line: Line, first: int, announced: bool) -> int | None:
    """Main Street, 3rd Ave, St. Clair Avenue: the number of the word that is the type."""
    proper = announced or _is_proper(line.words[first])
    past = _name_end(line, first, 3)
    for number in range(past, first, -1):
        if _follows(line, number):
            kind = line.words[number].plain
            if kind in _AFTER_STRONG or (proper and kind in _AFTER_WEAK):
                return number
    return None


def _untyped(line: Line, first: int) -> int | None:
    """Broadway: no type, but the words before the number say that an address comes."""
    past = _name_end(line, first, 0)
    return past - 1 if past > first else None


def _name_end(line: Line, first: int, most_small: int) -> int:
    """The number of the word past the street name at `first`; a name in small letters is short."""
    number, most = first, _MOST_NAME_WORDS
    if first < len(line.words) and not _is_proper(line.words[first]):
        most = most_small
    while number < min(first + most, len(line.words)) and _names_a_street(line.words[number]):
        if number > first and not _follows(line, number):
            break
        number += 1
    return number


def _names_a_street(word: Word) -> bool:
    if _ORDINAL.fullmatch(word.plain) or (word.capital and word.plain in _STREET_WORDS):
        return True
    letters = re.sub("[-']", "", word.plain)
    return len(letters) > 1 and letters.isalpha() and not is_everyday(word.plain)


def _is_proper(word: Word) -> bool:
    """Écluse, l'Église, 3rd."""
    inner = word.typed[word.plain.find("'") + 1]
    return word.capital or word.plain[0].isdigit() or inner.isupper()


def _is_number(word: Word) -> bool:
    return word.plain.isdigit() and len(word.plain) < 5


def _follows(line: Line, number: int) -> bool:
    return number < len(line.words) and _GAP.fullmatch(line.gap(number)) is not None
