"""The phone on the demonstration's page: it texts the service by way of the stand-in for Twilio.

Forms work without scripts; with them the page sends and redraws by itself (site/phone.js).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from bot.messages.parts import parts
from bot.settings import Settings
from bot.settings.texting import DEMO_ACCOUNT
from bot.store import Database, DemoMail
from bot.texts import LANGUAGES, say
from connectors.demo.api import add_api
from connectors.demo.messages import Message
from connectors.demo.twilio import ANSWERS, FATES, LONGEST, Twilio
from connectors.demo.webhooks import Webhooks
from connectors.forms import read_form
from connectors.languages import preferred
from connectors.problems import Problem

PHONES = ("+16135550142", "+15145550143", "+16045550144")
PREFIX = "/demo/twilio"
PACE_SECONDS = 0.4
NEWEST = 100
PLANNED = (*FATES, *ANSWERS)


def add(app: Sanic, settings: Settings) -> None:
    """The stand-in and the phone, where the account is the demo's own."""
    if settings.twilio_account_sid != DEMO_ACCOUNT:
        return
    reached = f"http://127.0.0.1:{settings.port}"
    webhooks = Webhooks(settings.twilio_auth_token, settings.public_url, reached)
    twilio = Twilio(
        settings.twilio_account_sid, settings.twilio_auth_token, settings.sms_from, webhooks,
        service=settings.twilio_messaging_service_sid, pace=PACE_SECONDS,
        taken=lambda message: _show_in_mailbox(app.ctx.front.database, message),
    )  # fmt: skip
    app.ctx.twilio = twilio
    add_api(app, twilio, PREFIX)
    app.add_route(thread, "/demo/phone.json", name="demo_phone")
    app.add_route(act, "/demo/phone/<name:str>", methods=["POST"], name="demo_phone_act")


async def thread(request: Request) -> HTTPResponse:
    """GET /demo/phone.json?phone=…&lang=…: its messages, oldest first, and what is planned."""
    return json(shown(request, language_of(request)))


def shown(request: Request, language: str) -> dict[str, Any] | None:
    """What the page shows of the phone; None when there is no stand-in."""
    twilio: Twilio | None = getattr(request.app.ctx, "twilio", None)
    if twilio is None:
        return None
    number = number_of(request)
    fates = ", ".join(say(language, f"demo_phone.fate.{fate}") for fate in twilio.plan)
    return {
        "number": number,
        "planned": say(language, "demo_phone.planned", fates=fates) if fates else "",
        "messages": [_shown(message, language) for message in twilio.thread(number)[-NEWEST:]],
    }


async def act(request: Request, name: str) -> HTTPResponse:
    """POST /demo/phone/text, again, report, backwards, plan"""
    form = read_form(request)
    if name not in _ACTS:
        raise Problem(404, "errors.not_found")
    try:
        await _ACTS[name](request.app.ctx.twilio, form)
    except (KeyError, ValueError) as error:
        raise Problem(400, "errors.bad_request") from error
    query = urlencode({"lang": language_of(request), "phone": form.get("phone", PHONES[0])})
    return redirect(f"/demo?{query}#phone", status=303)


async def _text(twilio: Twilio, form: dict[str, str]) -> None:
    body = form["text"].replace("\r\n", "\n").strip()
    if form["phone"] not in PHONES or not 0 < len(body) <= LONGEST:
        raise ValueError
    await twilio.bring(twilio.receive(form["phone"], body))


async def _again(twilio: Twilio, form: dict[str, str]) -> None:
    await twilio.bring(_named(twilio, form, inbound=True))


async def _report(twilio: Twilio, form: dict[str, str]) -> None:
    await twilio.repeat(_named(twilio, form, inbound=False))


async def _backwards(twilio: Twilio, form: dict[str, str]) -> None:
    await twilio.repeat(_named(twilio, form, inbound=False), backwards=True)


async def _plan(twilio: Twilio, form: dict[str, str]) -> None:
    if form["fate"] not in PLANNED:
        raise ValueError
    twilio.plan.clear()
    if form["fate"] != "delivered":
        twilio.plan.append(form["fate"])


_ACTS: dict[str, Callable[[Twilio, dict[str, str]], Awaitable[None]]] = {
    "text": _text,
    "again": _again,
    "report": _report,
    "backwards": _backwards,
    "plan": _plan,
}


def _named(twilio: Twilio, form: dict[str, str], inbound: bool) -> Message:
    message = twilio.find(form["sid"])
    if message is None or message.inbound != inbound:
        raise ValueError
    return message


def _shown(message: Message, language: str) -> dict[str, Any]:
    length = parts(message.body)
    key = "one_part" if length.count == 1 else "parts"
    status = say(language, f"demo_phone.status.{message.status}")
    return {
        "sid": message.sid,
        "mine": message.inbound,
        "text": message.body,
        "at": message.created.isoformat(timespec="seconds"),
        "length": say(
            language, f"demo_phone.{key}", count=length.count, encoding=length.encoding
        ),
        "status": f"{status} ({message.error})" if message.error else status,
        "bad": message.error is not None,
        "more": _more(message, language),
    }  # fmt: skip


def _more(message: Message, language: str) -> str:
    """How it was brought to the service, or what the service was told of it."""
    if message.inbound:
        answers = ", ".join(map(str, message.answers)) or "–"
        return say(language, "demo_phone.answers", answers=answers)
    told = [form["MessageStatus"] for form in message.told]
    if not told:
        return say(language, "demo_phone.no_reports")
    words = [say(language, f"demo_phone.status.{status}") for status in told]
    return say(language, "demo_phone.reports", reports=", ".join(words))


def number_of(request: Request) -> str:
    wanted = request.args.get("phone")
    return wanted if wanted in PHONES else PHONES[0]


def language_of(request: Request) -> str:
    wanted = request.args.get("lang")
    return wanted if wanted in LANGUAGES else preferred(request)


def pretty(number: str) -> str:
    """+16135550142 as people write it."""
    return f"{number[2:5]}-{number[5:8]}-{number[8:]}"


def _show_in_mailbox(database: Database, message: Message) -> None:
    with database.write() as session:
        session.add(
            DemoMail(
                reference=message.sid[2:], channel="sms", recipient=message.to, subject="",
                text=message.body, at=message.created,
            )
        )  # fmt: skip
