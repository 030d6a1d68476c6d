"""The stages of landing and the only moves between them (knowledge: domain, 2.1 to 2.5).

Whoever has every paper on file passes the stages that ask for them at once: `keep_*` and `send` are
the service's own moves. So after a return, or after a stay abroad, only what is missing is asked
for again.
"""

from __future__ import annotations

from dataclasses import dataclass

# What must be done, in order; the stages beside it are RETURNED, ON_HOLD and OUTSIDE_CANADA.
WAY = (
    "not_invited", "invited", "agreed", "profile_ready", "declared", "address_given",
    "photo_received", "in_review", "confirmed", "card_ordered", "card_mailed",
)  # fmt: skip
RETURNED, ON_HOLD, OUTSIDE_CANADA = "returned", "on_hold", "outside_canada"
STAGES = (*WAY, RETURNED, ON_HOLD, OUTSIDE_CANADA)
# The declaration counts from then on, and leaving Canada puts the landing on hold (domain, 2.5).
UNDER_WAY = frozenset({"declared", "address_given", "photo_received", "in_review", RETURNED})
CONFIRMED = frozenset({"confirmed", "card_ordered", "card_mailed"})

PERSON, AGENT, SERVICE = "person", "agent", "service"


@dataclass(frozen=True)
class Move:
    """From any of `sources` to `target`, by the kinds of actors in `by`; `act` of data/rights.yml
    is what a person must be allowed."""

    sources: frozenset[str]
    target: str
    by: frozenset[str]
    act: str = "do_landing"


def _move(sources: str, target: str, by: str, act: str = "do_landing") -> Move:
    return Move(frozenset(sources.split()), target, frozenset(by.split()), act)


_UNDER_WAY = " ".join(sorted(UNDER_WAY))
MOVES = {
    "invite": _move("not_invited", "invited", "service agent"),
    "agree": _move("invited", "agreed", "person"),
    "decline": _move("invited", "not_invited", "person"),
    "open_profile": _move("agreed", "profile_ready", "service"),
    "report_abroad": _move("invited agreed profile_ready", OUTSIDE_CANADA, "person agent"),
    "come_back": _move(f"{OUTSIDE_CANADA} {ON_HOLD}", "profile_ready", "person agent"),
    "declare": _move(f"profile_ready {RETURNED}", "declared", "person"),
    "give_address": _move(f"declared {RETURNED}", "address_given", "person"),
    "keep_address": _move("declared", "address_given", "service"),
    "give_photo": _move(f"address_given {RETURNED}", "photo_received", "person", "submit_photo"),
    "keep_photo": _move("address_given", "photo_received", "service"),
    "send": _move("photo_received", "in_review", "service"),
    "leave": _move(_UNDER_WAY, ON_HOLD, "person agent"),
    "hold": _move(f"{_UNDER_WAY} profile_ready", ON_HOLD, "agent"),
    "undo_address": _move("address_given photo_received in_review", "declared", "service"),
    "return": _move("in_review", RETURNED, "agent"),
    "accept": _move("in_review", "confirmed", "agent"),
    "order_card": _move("confirmed", "card_ordered", "service agent"),
    "mail_card": _move("card_ordered", "card_mailed", "service agent"),
}

# What the person does at each stage; at the others they wait, or are done.
_TO_DO = {
    "invited": "agree",
    "profile_ready": "declare",
    "declared": "give_address",
    "address_given": "give_photo",
    OUTSIDE_CANADA: "come_back",
    ON_HOLD: "come_back",
}
PARTS = {"declaration": "declare", "address": "give_address", "photo": "give_photo"}


def to_do(stage: str, returned: str | None = None, why: str | None = None) -> str | None:
    """The verb that is the person's to do now, or None. `returned` is the part that came back,
    `why` the reason of the last move: only who left Canada ends the hold by coming back."""
    if stage == RETURNED:
        return PARTS.get(returned or "")
    if stage == ON_HOLD and why != "left_canada":
        return None
    return _TO_DO.get(stage)
