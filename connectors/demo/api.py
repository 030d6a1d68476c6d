"""The part of Twilio's API that we use, answered by the stand-in: create, list and fetch."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from datetime import datetime, timezone
from hmac import compare_digest
from urllib.parse import parse_qsl, urlencode

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from connectors.demo.messages import STATUS, VERSION, error_body
from connectors.demo.twilio import ANSWERS, Refused, Twilio

PAGE_SIZE, LARGEST_PAGE = 50, 1000
RETRY_AFTER = "20"


def add_api(app: object, twilio: Twilio, prefix: str) -> None:
    """Serve `twilio` below `prefix` of a Sanic application."""
    blueprint = Blueprint(f"twilio{prefix.replace('/', '_')}", url_prefix=prefix)
    path = f"/{VERSION}/Accounts/<account:str>/Messages"

    def answered(handler: object) -> object:
        async def answer(request: Request, account: str, **found: str) -> HTTPResponse:
            if not _is_ours(request, twilio) or account != twilio.account:
                return _error(20003)
            return await handler(twilio, request, **found)  # type: ignore[operator]

        return answer

    for name, handler, method, route in (
        ("create", create, "POST", f"{path}.json"),
        ("list", list_, "GET", f"{path}.json"),
        ("fetch", fetch, "GET", f"{path}/<name:str>"),
    ):
        blueprint.add_route(answered(handler), route, methods=[method], name=name)
    app.blueprint(blueprint)  # type: ignore[attr-defined]


async def create(twilio: Twilio, request: Request) -> HTTPResponse:
    form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    planned = twilio.plan.popleft() if twilio.plan else ""
    if planned == "429":
        return _error(20429, headers={"Retry-After": RETRY_AFTER})
    if planned == "503":
        return _error(20503)
    if planned == "lost_before":
        return _hang_up(request)
    try:
        if planned == "21610":
            raise Refused(21610)
        message = twilio.create(form)
    except Refused as refused:
        return _error(refused.code, to=form.get("To", ""), from_=form.get("From", ""))
    if twilio.taken:
        await asyncio.to_thread(twilio.taken, message)
    twilio.go(message, planned if planned and planned not in ANSWERS else "delivered")
    return _hang_up(request) if planned == "lost_after" else json(message.resource(), 201)


async def list_(twilio: Twilio, request: Request) -> HTTPResponse:
    if not twilio.lists:
        return _error(20503)
    query = dict(parse_qsl(request.query_string))
    size = min(int(query.get("PageSize", PAGE_SIZE)), LARGEST_PAGE)
    page = int(query.get("Page", 0))
    since = _moment(query.get("DateSent>"))
    found = twilio.newest(query.get("To", ""), query.get("From", ""), since)
    shown = found[page * size : (page + 1) * size]

    def uri(number: int) -> str:
        place = f"/{VERSION}/Accounts/{twilio.account}/Messages.json"
        return f"{place}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    more = (page + 1) * size < len(found)
    return json(
        {
            "end": page * size + max(len(shown) - 1, 0),
            "first_page_uri": uri(0),
            "messages": [message.resource() for message in shown],
            "next_page_uri": uri(page + 1) if more else None,
            "page": page,
            "page_size": size,
            "previous_page_uri": uri(page - 1) if page else None,
            "start": page * size,
            "uri": uri(page),
        }
    )


async def fetch(twilio: Twilio, request: Request, name: str) -> HTTPResponse:
    sid = name.removesuffix(".json")
    message = twilio.find(sid)
    if message is None:
        return _error(20404, path=f"/{VERSION}/Accounts/{twilio.account}/Messages/{sid}.json")
    return json(message.resource())


def _is_ours(request: Request, twilio: Twilio) -> bool:
    wanted = b64encode(f"{twilio.account}:{twilio.token}".encode()).decode()
    return compare_digest(request.headers.get("authorization", ""), f"Basic {wanted}")


def _error(code: int, headers: dict[str, str] | None = None, **values: str) -> HTTPResponse:
    return json(error_body(code, **values), STATUS[code], headers=headers)


def _hang_up(request: Request) -> HTTPResponse:
    """End the connection without a word, as a network does; nobody gets what is returned."""
    request.transport.abort()
    return empty()


def _moment(value: str | None) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
