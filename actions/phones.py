"""Linking a phone: the form for its number, for who is signed in on the page."""

from __future__ import annotations

from typing import Any

from actions.asked import Asked
from bot.chat.reply import QuickReply, Reply
from bot.identity.phone_linking import phones_of
from bot.phones.numbers import masked_number
from bot.texts import say

# What somebody wishes who wants to be texted (data/terms.yml), and what the button wishes.
PHONE, FORM = "phone", "phone_form"


def phone_reply(asked: Asked, person_id: int) -> Reply:
    """The form, with the numbers that are linked already."""
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        linked = [masked_number(phone.number) for phone in phones_of(session, person_id)]
    card: dict[str, Any] = {"kind": "phone", "linked": linked}
    return Reply(say(asked.language, "cards.phone.ask"), card=card)


def wants_phone(asked: Asked, person_id: int, wish: str | None) -> bool:
    """Whether the form is wanted: by its button, or by words while no phone is linked."""
    if wish != PHONE or asked.turn is None:
        return wish == FORM
    with asked.turn.database.read() as session:
        return not phones_of(session, person_id)


def phone_choice(asked: Asked, reached: bool) -> tuple[QuickReply, ...]:
    """The button of the form; `reached` when a phone is linked already."""
    key = "cards.phone.change" if reached else "cards.phone.title"
    return (asked.button(key, "subscribe_updates", wish=FORM),)
