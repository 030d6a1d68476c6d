"""Phone numbers in their one form, and the blind index by which a number is found.

Only numbers of Canada and the United States are taken, by country and not by the shared +1: the
other countries of that plan (Jamaica, the Dominican Republic, ...) are where text messages are
pumped for money (knowledge: security, T19).
"""

from __future__ import annotations

from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from bot.store import keys_of

COUNTRIES = ("CA", "US")
# Longer than any number that somebody writes: the library is not given whole pages to read.
LONGEST = 40
# Services with a price of their own, and devices nobody reads.
_REFUSED = {
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PAGER,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
    PhoneNumberType.TOLL_FREE,
}
# 555-0100 to 555-0199 of each area are for invented people: valid to nobody, and so in the demo.
INVENTED = "55501"


def normal_number(raw: str, countries: tuple[str, ...] = COUNTRIES) -> str | None:
    """The number in E.164 (+16135550142), or None when it is none of these countries."""
    if len(raw) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(raw, countries[0])
    except phonenumbers.NumberParseException:
        return None
    if number.extension:
        return None
    national = str(number.national_number)
    invented = number.country_code == 1 and len(national) == 10 and national[3:8] == INVENTED
    like = _neighbour(national) if invented else number
    if phonenumbers.region_code_for_number(like) not in countries:
        return None
    if phonenumbers.number_type(like) in _REFUSED:
        return None
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def _neighbour(national: str) -> phonenumbers.PhoneNumber:
    """A number of the same area that may be somebody's: it tells the country of an invented one."""
    return phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{national[:3]}2345678"))


def number_index(session: Any, number: str) -> bytes:
    """The blind index of a number in E.164."""
    return keys_of(session).index("phone", number)


def number_indexes(session: Any, number: str) -> list[bytes]:
    """The indexes to look for: also the one of the secret before a rotation."""
    return keys_of(session).indexes("phone", number)


def masked_number(number: str) -> str:
    """A number as its owner sees it: the last four digits."""
    return f"••• ••• {number[-4:]}"
