"""Signs that an address is not in Canada: a country, a ZIP code, a British postcode.

Only to say the right sentence: what is not a Canadian province and postal code is refused anyway.
"""

from __future__ import annotations

import re

from bot.addresses.words import folded

# The countries from which most come, and the United States; both languages, without accents.
_COUNTRIES = frozenset(
    """usa|us|u.s.a|u.s|united states|united states of america|etats-unis|united kingdom|uk|u.k|
    royaume-uni|england|angleterre|scotland|ecosse|ireland|irlande|france|belgium|belgique|
    switzerland|suisse|germany|allemagne|italy|italie|spain|espagne|portugal|india|inde|china|
    chine|hong kong|philippines|pakistan|bangladesh|nepal|sri lanka|iran|iraq|irak|syria|syrie|
    lebanon|liban|nigeria|ghana|cameroon|cameroun|cote d'ivoire|ivory coast|senegal|morocco|maroc|
    algeria|algerie|tunisia|tunisie|egypt|egypte|mexico|mexique|colombia|colombie|brazil|bresil|
    haiti|jamaica|jamaique|ukraine|russia|russie|japan|japon|south korea|coree du sud|korea|coree|
    vietnam|viet nam|australia|australie|new zealand|nouvelle-zelande|afghanistan|eritrea|
    erythree|ethiopia|ethiopie|turkey|turquie|united arab emirates|emirats arabes unis|
    dubai""".replace("\n    ", "").split("|")
)
_ZIP = re.compile(r"\d{4,6}(?:-\d{4})?")
_BRITISH = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}")


def is_elsewhere(name: str) -> bool:
    """Whether this is the name of another country."""
    return " ".join(folded(name).replace("’", "'").split()).strip(" .") in _COUNTRIES


def is_foreign_code(code: str) -> bool:
    """Whether this has the shape of a ZIP code, of another code of digits, or a British one."""
    return bool(_ZIP.fullmatch(code) or _BRITISH.fullmatch(code))
