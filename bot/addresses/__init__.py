"""Canadian addresses: read from a form or a sentence, checked, normalised.

A card goes by mail to a residential address in Canada and nowhere else (knowledge: domain, section
2.5), and a diverted card is fraud (knowledge: security, T26): what passes here has a civic number,
a postal code of its own province and no box.
"""

from bot.addresses.address import FIELDS, Address, is_same
from bot.addresses.checking import KINDS, AddressProblems, check_address
from bot.addresses.finding import find_address

__all__ = [
    "FIELDS",
    "KINDS",
    "Address",
    "AddressProblems",
    "check_address",
    "find_address",
    "is_same",
]
