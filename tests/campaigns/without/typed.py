"""Guards of what people type (bot/chat, bot/engine)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import update

from bot.chat import canonical, conversations
from bot.chat.owning import BOT
from bot.store import Inbox
from tests.campaigns.in_process import lean_rasa
from tests.campaigns.without import instead

Without = AbstractContextManager[Any]


def slashes_at_the_edge() -> Without:
    return instead((canonical, "_SLASHES", ""))


def slashes_in_the_engine() -> Without:
    """Rasa's own step, which obeys."""
    lean_rasa()
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

    from bot.engine import agent

    def obey(_self: Any, messages: list[Any], domain: Any = None) -> list[Any]:
        return [YAMLStoryReader.unpack_regex_message(each, domain) for each in messages]

    return instead((agent, "_pass_on", obey))


def whose_conversation_it_is() -> Without:
    """A turn is written whatever an agent has done meanwhile: neither where it ends nor where its
    lines are added is the owner asked."""
    lean_rasa()
    from bot.engine import worker

    def close(session: Any, claim: Any, state: str) -> None:
        session.execute(update(Inbox).where(Inbox.id == claim.id).values(state=state))

    return instead((worker, "_close", close), (conversations, "owner", lambda *_: BOT))
