"""The vault: typed details that a following step needs, out of the chat and for a moment only."""

from bot.vault.keeping import KEPT_KINDS, KindNotKept, empty, keep, kept, take

__all__ = ["KEPT_KINDS", "KindNotKept", "empty", "keep", "kept", "take"]
