"""Ready replies, the list of agents, and the page of the keyboard."""

from __future__ import annotations

from sanic.request import Request
from sanic.response import HTTPResponse, json, redirect

from bot.agents.adding import all_agents
from bot.desk.replies import ReplyRefused, ready_replies, remove_reply, save_reply
from connectors.desk.finding import number
from connectors.desk.pages import read_desk_form, show
from connectors.desk.routing import form, get, page, reading, writing
from connectors.languages import language_of

_SENTENCES = {"both": "desk.error.both", "name": "desk.error.name"}


async def replies(request: Request) -> HTTPResponse:
    """GET /en/replies"""
    return await _list(request)


async def save(request: Request) -> HTTPResponse:
    """POST /en/replies"""
    fields, me = read_desk_form(request), request.ctx.me
    name, en, fr = (fields.get(key, "") for key in ("name", "en", "fr"))
    try:
        await writing(request, lambda session: save_reply(session, me, name, en, fr))
    except ReplyRefused as refused:
        return await _list(request, 422, _SENTENCES[refused.reason], fields)
    return redirect(f"/{language_of(request)}/replies", status=303)


async def remove(request: Request) -> HTTPResponse:
    """POST /en/replies/remove"""
    fields, me = read_desk_form(request), request.ctx.me
    wanted = number(fields.get("id", ""))
    await writing(request, lambda session: remove_reply(session, me, wanted))
    return redirect(f"/{language_of(request)}/replies", status=303)


async def replies_json(request: Request) -> HTTPResponse:
    """GET /api/desk/replies"""
    return json({"replies": await reading(request, ready_replies)})


async def keys(request: Request) -> HTTPResponse:
    """GET /en/keys"""
    return show(request, "keys.html")


async def people(request: Request) -> HTTPResponse:
    """GET /en/agents"""
    return show(request, "people.html", people=await reading(request, _people))


async def _list(
    request: Request, status: int = 200, wrong: str = "", typed: dict[str, str] | None = None
) -> HTTPResponse:
    known = await reading(request, ready_replies)
    return show(request, "replies.html", status, known=known, wrong=wrong, typed=typed or {})


def _people(session: object) -> list[dict[str, object]]:
    return [
        {
            "login": one.login,
            "name": one.name,
            "role": one.role,
            "languages": [each for each in ("en", "fr") if one.speaks(each)],
            "since": one.created_at,
            "ended": one.ended_at,
        }
        for one in all_agents(session)
    ]


ROUTES = (
    page("/replies", replies, "here"),
    form("/replies", save, "replies"),
    form("/replies/remove", remove, "replies"),
    get("/replies", replies_json, "talk", quiet=True),
    page("/keys", keys, "here"),
    page("/agents", people, "agents"),
)
