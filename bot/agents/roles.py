"""What each role of the desk opens. Nobody has everything: who adds agents reads no conversation,
and who reviews landings supervises nobody (knowledge: security, T27)."""

from __future__ import annotations

ROLES = ("agent", "officer", "supervisor", "administrator")

# Who may sign in without the organisation's provider, where the settings allow it at all.
BREAK_GLASS = ("administrator",)

# What a page or an act asks for -> the roles that have it.
RIGHTS = {
    "here": frozenset(ROLES),
    "talk": frozenset({"agent", "officer", "supervisor"}),
    "landing": frozenset({"officer"}),
    "supervise": frozenset({"supervisor"}),
    "replies": frozenset({"supervisor", "administrator"}),
    "agents": frozenset({"administrator"}),
}


def may(role: str, right: str) -> bool:
    """Whether `role` opens what asks for `right` (a key of RIGHTS)."""
    return role in RIGHTS[right]
