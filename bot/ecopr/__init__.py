"""The confirmation of permanent residence as a PDF."""

from bot.ecopr.confirmation import Confirmation
from bot.ecopr.printing import CannotPrint, make_ecopr

__all__ = ["CannotPrint", "Confirmation", "make_ecopr"]
