"""Personal details are taken out of a typed message before anything of it is stored.

The engine gets tokens (⟦uci⟧), the transcript says in words what stood there, and only what a
following step can use is kept, sealed, for a quarter of an hour (knowledge: security, T18).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from bot.privacy.details import hide
from bot.store import Conversation, Person
from bot.texts import say
from bot.vault.keeping import keep

# The form is filled in with them (GET /api/chat/kept).
NEEDED = ("uci", "application_number")
LONGEST_ADDRESS = 200
_TOKEN = re.compile(r"⟦(\w+)⟧")


@dataclass(frozen=True)
class Message:
    """A typed message without personal details: for the engine, and for its writer to read."""

    text: str
    shown: str

    @property
    def hides_something(self) -> bool:
        return self.text != self.shown


def without_details(
    session: Any, conversation_id: str, language: str, text: str, keeping: bool = True
) -> Message:
    """`text` as it may be stored; what is needed of it goes into the vault, unless there is no
    following step that could use it (`keeping`)."""
    hidden = hide(text, _names_on_file(session, conversation_id))
    if keeping:
        _keep(session, conversation_id, text, hidden.found)
    shown = _TOKEN.sub(lambda token: f"[{say(language, f'talk.hidden.{token[1]}')}]", hidden.text)
    return Message(hidden.text, shown)


def _keep(session: Any, conversation_id: str, text: str, found: Any) -> None:
    """Identifiers, and the sentence in which an address stands: they fill in the forms."""
    for detail in found:
        if detail.kind in NEEDED:
            keep(session, conversation_id, detail.kind, detail.value)
    if any(detail.kind in ("address", "postal_code") for detail in found):
        keep(session, conversation_id, "address", text[:LONGEST_ADDRESS])


def _names_on_file(session: Any, conversation_id: str) -> tuple[str, ...]:
    """The names of who is signed in: they write them without any introduction."""
    person = session.execute(
        select(Person)
        .join(Conversation, Conversation.person_id == Person.id)
        .where(Conversation.id == conversation_id)
    ).scalar_one_or_none()
    return (person.family_name, person.given_names) if person else ()
