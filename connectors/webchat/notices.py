"""What somebody wishes to be told of, chosen in the form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.answers.notices import CARD, channels_of, notices_answer
from bot.chat.conversations import add_line
from bot.notices.wishes import Wishes, choose
from bot.phones.finding import reachable
from bot.store import Person
from bot.texts import say
from connectors.origins import check_origin
from connectors.problems import Problem
from connectors.rates import limit_forms
from connectors.webchat.callers import Caller
from connectors.webchat.doing import doing_once, once_name
from connectors.webchat.landing import say_line


async def notices(request: Request) -> HTTPResponse:
    """POST /api/chat/notices"""
    check_origin(request)
    limit_forms(request)
    body = request.app.ctx.front.bodies.read(request, "Notices")
    await take_choice(request, body["wanted"], body["zone"], body["client_id"])
    return json({"accepted": True}, 202)


async def take_choice(request: Request, wanted: Iterable[str], zone: str, client_id: str) -> None:
    """Keep the choice (each as topic.channel) and say what it is now.

    Raises:
        Problem: 401, 403 not signed in, 422 there is no such topic, channel or zone.
    """
    pairs = frozenset((topic, channel) for topic, _, channel in (w.partition(".") for w in wanted))

    def work(session: Any, caller: Caller) -> None:
        if caller.person_id is None:
            raise Problem(403, "errors.not_signed_in")
        wishes = Wishes(caller.language, zone or None, pairs)
        try:
            choose(session, caller.person_id, wishes, caller.conversation_id)
        except ValueError as error:
            raise Problem(422, "notice.chat.wrong") from error
        sent = {
            "text": say(caller.language, "notice.chat.sent"),
            "lang": caller.language,
            "card": {"kind": "sent", "form": CARD},
        }
        add_line(session, caller.conversation_id, "user", sent, name)
        person = session.get(Person, caller.person_id)
        channels = channels_of(person.email, reachable(session, caller.person_id))
        kept = notices_answer(wishes, channels, caller.language, begin="saved")
        say_line(session, caller, replace(kept, card=None))

    name = once_name(CARD, client_id)
    await doing_once(request, name, work)
