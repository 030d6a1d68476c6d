"""Values like nobody else's in every personal field, and how to look for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.searching import spellings

NUMBER = "F731904826"
PERSON = {
    "uci": "7391-4826",
    "family_name": "Quokkavessel",
    "given_names": "Zwindelina",
    "birth_date": "1971-03-19",
    "birth_place": "Mirrenbrück",
    "email": "canary.quokka@mailbox-canary.example",
    "phone": "613-555-0147",
}
REPRESENTATIVE = {
    "party_id": "8264-1937",
    "family_name": "Okapithorne",
    "given_names": "Balthasina",
    "email": "canary.okapi@mailbox-canary.example",
}
ADDRESS = {"unit": "", "street": "7319 Canarywharf Crescent", "city": "Ottawa", "province": "ON",
           "postal_code": "K1R 4Z8"}  # fmt: skip
FILE_NAME = "wombatpassport.jpg"
IN_PHOTO = b"numbatcomment"
TYPED = {
    "en": [
        "My name is {given_names} {family_name}, UCI {uci}, file {number}",
        "I was born on {birth_date} in {birth_place}",
        "write to {email} or call {phone}",
        "I live at 7319 Canarywharf Crescent, Ottawa ON K1R 4Z8",
        "where is my application?",
    ],
    "fr": [
        "Je m'appelle {given_names} {family_name}, mon IUC est le {uci}, demande {number}",
        "Je suis née le {birth_date} à {birth_place}",
        "écrivez à {email} ou appelez le {phone}",
        "J'habite au 7319, rue Canarywharf, Ottawa (Ontario) K1R 4Z8",
        "où en est ma demande?",
    ],
}


@dataclass(frozen=True)
class Canary:
    """A value that must not be read anywhere, in the spellings in which it may turn up. `hidden`:
    it is taken out of what is typed, so that also whoever opens the seals does not read it there;
    a place of birth is not, being a name of a town like others."""

    name: str
    spellings: tuple[bytes, ...]
    hidden: bool = True

    def places(self, sinks: Mapping[str, bytes]) -> list[str]:
        """Where it stands; the contents are in small letters."""
        return [
            name
            for name, content in sinks.items()
            if any(spelling in content for spelling in self.spellings)
        ]


def canaries() -> list[Canary]:
    values = {f"applicant's {k}": v for k, v in PERSON.items()}
    values |= {f"representative's {k}": v for k, v in REPRESENTATIVE.items()}
    values |= {"number": NUMBER, "street": "Canarywharf", "postal code": "K1R 4Z8"}
    values |= {"name of a file": FILE_NAME, "comment in a photo": IN_PHOTO.decode()}
    return [Canary(name, spellings(v), "birth_place" not in name) for name, v in values.items()]
