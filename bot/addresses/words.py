"""The words addresses are made of: street types, directions, particles; and plain comparison."""

from __future__ import annotations

import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Types that stand before the name in French, with Canada Post's short forms.
FRENCH_TYPES = _words(
    """rue boulevard boul blvd avenue av ave chemin ch place pl côte rang rg montée mtée allée route
    rte autoroute aut impasse imp ruelle sentier terrasse tsse croissant crois cercle carré car
    quai promenade prom parc square cour passage pass esplanade domaine dom villa rond-point
    voie circuit circt traverse cours échangeur faubourg jardins"""
)
# Types that stand after the name in English, with Canada Post's short forms.
ENGLISH_TYPES = _words(
    """street st avenue ave road rd drive dr crescent cres boulevard blvd court crt ct lane ln way
    place pl terrace terr circle cir parkway pky pkwy highway hwy line sideroad side gate square
    sq trail trl row close grove grv hill heights hts gardens gdns green landing landng link
    path point pt private pvt ridge run view walk wynd bay cove mews manor common crossing
    concession conc expressway expy freeway fwy villas quay rise park pk vista glen loop"""
)
DIRECTIONS = _words("n s e w o ne nw se sw no so")
LONG_DIRECTIONS = _words(
    """north south east west northeast northwest southeast southwest
    nord sud est ouest nord-est nord-ouest sud-est sud-ouest"""
)
# Small words inside a name: "rue de la Montagne", "Niagara-on-the-Lake".
PARTICLES = _words("de du des d la le les l à au aux et en sur sous of on the upon by")
# Always small: after a street type "La" opens a name ("rue La Fontaine"), "de" never does.
ALWAYS_SMALL = PARTICLES - _words("la le les l the on by upon")
CAPITALS = _words("rr cfb bfc ph th ii iii")

# One word for all ways of writing it; only for comparison, after `folded`.
_WAYS = {
    "st": "saint street",
    "ste": "sainte",
    "ave": "avenue av",
    "boul": "boulevard blvd",
    "ch": "chemin",
    "rd": "road",
    "dr": "drive",
    "crt": "court ct",
    "cres": "crescent",
    "crois": "croissant",
    "pl": "place",
    "hwy": "highway",
    "lane": "ln",
    "sq": "square",
    "terr": "terrace",
    "tsse": "terrasse",
    "pky": "parkway pkwy",
    "cir": "circle",
    "trail": "trl",
    "rte": "route",
    "rg": "rang",
    "mtee": "montee",
    "imp": "impasse",
    "prom": "promenade",
    "mt": "mount mont",
    "n": "north nord",
    "s": "south sud",
    "e": "east est",
    "w": "west ouest o",
}
ALIKE = {word: one for one, words in _WAYS.items() for word in words.split()}


def folded(text: str) -> str:
    """Without accents and case, for comparing: "Montréal" and "MONTREAL" are the same."""
    parts = unicodedata.normalize("NFKD", text)
    return "".join(char for char in parts if not unicodedata.combining(char)).casefold()
