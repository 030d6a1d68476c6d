"""Where in Canada's time zones somebody lives, as far as we know: zone names of the IANA database.

The address on file says it; without one the area code of the telephone (phonenumbers brings the
table); without either it may be any of them.
"""

from __future__ import annotations

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

# One zone for each of Canada's six, and Saskatchewan, which has no daylight saving time.
EVERYWHERE = (
    "America/St_Johns", "America/Halifax", "America/Toronto", "America/Winnipeg",
    "America/Regina", "America/Edmonton", "America/Vancouver",
)  # fmt: skip
BY_PROVINCE = {
    "NL": "America/St_Johns",
    "NS": "America/Halifax",
    "NB": "America/Moncton",
    "PE": "America/Halifax",
    "QC": "America/Toronto",
    "ON": "America/Toronto",
    "MB": "America/Winnipeg",
    "SK": "America/Regina",
    "AB": "America/Edmonton",
    "BC": "America/Vancouver",
    "YT": "America/Whitehorse",
    "NT": "America/Yellowknife",
    "NU": "America/Iqaluit",
}
# Where a province has a second zone, by the beginning of the postal code.
BY_POSTAL = {
    **dict.fromkeys(("P8N", "P8T", "P9A", "P9N", "P0V", "P0W", "P0X"), "America/Winnipeg"),
    **dict.fromkeys(("A2V", "A0R"), "America/Goose_Bay"),
    **dict.fromkeys(("V1G", "V1J"), "America/Dawson_Creek"),
    **dict.fromkeys(("V1A", "V1C"), "America/Edmonton"),
    "X0C": "America/Rankin_Inlet",
    "X0B": "America/Cambridge_Bay",
}


def zones_for(
    chosen: str | None, address: dict[str, str] | None, number: str | None
) -> tuple[str, ...]:
    """The zones that the person may be in, at least one: what they chose, else by their address
    (Address.to_json), else by their number."""
    if chosen:
        return (chosen,)
    by_address = _of_address(address) if address else None
    if by_address:
        return (by_address,)
    return _of_number(number) or EVERYWHERE


def _of_address(address: dict[str, str]) -> str | None:
    beginning = address.get("postal_code", "")[:3].upper()
    return BY_POSTAL.get(beginning) or BY_PROVINCE.get(address.get("province", ""))


def _of_number(number: str | None) -> tuple[str, ...]:
    """Those of the area code; none when the library does not know it, or it is not American."""
    try:
        read = phonenumbers.parse(number or "", "CA")
    except phonenumbers.NumberParseException:
        return ()
    found = time_zones_for_number(read)
    # A number that belongs to no place is in all zones of +1, islands and all.
    return found if 0 < len(found) <= 3 and all(z.startswith("America/") for z in found) else ()
