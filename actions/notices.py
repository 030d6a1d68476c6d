"""Being told of changes: switched on and off by a sentence, chosen in a form on the page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.asked import Asked
from actions.help_content import help_reply
from actions.phones import PHONE, phone_choice, phone_reply, wants_phone
from bot.answers.notices import channels_of, notices_answer
from bot.chat.reply import Reply
from bot.notices.topics import EMAIL, SMS
from bot.notices.wishes import Wishes, subscribe, unsubscribe, wishes_of
from bot.phones.finding import reachable
from bot.store import Person
from bot.texts import say

Events = list[dict[str, Any]]
ON, OFF = "subscribe_updates", "unsubscribe_updates"
# ON of somebody who wishes to be texted, while it waits for them to sign in.
TEXT_ME = "text_me"
NOTICE_QUESTIONS = frozenset({ON, OFF, TEXT_ME})


class ActionNotices(Action):
    """Switches notices on or off for who is known, and tells everybody else how it is done."""

    def name(self) -> str:
        return "action_notices"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> Events:
        asked = Asked(dispatcher, tracker)
        return answer_notices(asked, asked.intent)


def answer_notices(asked: Asked, question: str) -> Events:
    """The answer to `question`, one of NOTICE_QUESTIONS."""
    person_id = asked.person()
    if person_id is None:
        return _stranger(asked, question)
    wish = PHONE if question == TEXT_ME else asked.entity("wish")
    if question == OFF:
        _off(asked, person_id)
    elif asked.by_text:
        _on_by_text(asked, person_id)
    elif wants_phone(asked, person_id, wish):
        asked.reply(phone_reply(asked, person_id))
    else:
        _on(asked, person_id, wish)
    return [SlotSet("pending_question", None)]


def _stranger(asked: Asked, question: str) -> Events:
    """In general, and the way to one's own: on the page, after which what was asked is done."""
    if asked.by_text and question == ON:
        _text(asked, "sms.notice.link_first")
        return []
    general = help_reply(asked, question)
    if asked.by_text or question == OFF:
        asked.reply(general)
        return []
    button = asked.button("notice.chat.sign_in", "check_status", keep="question")
    asked.reply(replace(general, choices=(button,)))
    waits = TEXT_ME if asked.entity("wish") == PHONE else question
    return [SlotSet("pending_question", waits)]


def _on(asked: Asked, person_id: int, wish: str | None) -> None:
    """Everything by text for who asks for texts, by e-mail for who wished nothing so far; then the
    form. Who chose before sees their choice: asking again must not undo it."""
    before, channels = _read(asked, person_id)
    over = _begins(before, channels, wish)
    if over is None:
        wishes = before or Wishes(asked.language)
        reply = notices_answer(wishes, channels, asked.language)
        asked.reply(replace(reply, choices=phone_choice(asked, SMS in channels)))
        return
    assert asked.turn is not None
    with asked.turn.database.rehearse() as session:
        after = subscribe(session, person_id, asked.language, [over])
    _later(asked, subscribe, person_id, [over])
    reply = notices_answer(after, channels, asked.language, begin="begun")
    choices = (*phone_choice(asked, SMS in channels), asked.button("notice.chat.stop", OFF))
    asked.reply(replace(reply, choices=choices))


def _begins(before: Wishes | None, channels: tuple[str, ...], wish: str | None) -> str | None:
    """The channel over which notices begin now; None when there is none, or a choice stands."""
    wanted = before.wanted if before else frozenset()
    if wish == PHONE and SMS in channels:
        return None if any(channel == SMS for _, channel in wanted) else SMS
    return None if wanted else next(iter(channels), None)


def _on_by_text(asked: Asked, person_id: int) -> None:
    _later(asked, subscribe, person_id, [SMS])
    _text(asked, "notice.texted.begun")


def _off(asked: Asked, person_id: int) -> None:
    """On the page all of them; by text message only the texts."""
    _later(asked, unsubscribe, person_id, [SMS] if asked.by_text else [EMAIL, SMS])
    if asked.by_text:
        _text(asked, "notice.texted.ended")
        return
    choose = asked.button("notice.chat.choose", ON)
    asked.reply(replace(asked.words("notice.chat.ended"), choices=(choose,)))


def _later(asked: Asked, act: Callable[..., Any], person_id: int, over: list[str]) -> None:
    """In the transaction of the answer."""
    assert asked.turn is not None
    language, conversation_id = asked.language, asked.turn.conversation_id

    def write(session: Any) -> None:
        act(session, person_id, language, over, conversation_id)

    asked.turn.later(write)


def _text(asked: Asked, key: str) -> None:
    text = say(asked.language, key, page=asked.page)
    asked.reply(Reply(text, short=text))


def _read(asked: Asked, person_id: int) -> tuple[Wishes | None, tuple[str, ...]]:
    """(what is wished so far, over what the person is reached)"""
    assert asked.turn is not None
    with asked.turn.database.read() as session:
        channels = channels_of(session.get(Person, person_id).email, reachable(session, person_id))
        return wishes_of(session, person_id), channels
