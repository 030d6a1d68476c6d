"""The whole conversation as a file to keep: a page that reads well everywhere, or plain text."""

from __future__ import annotations

from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, html, text

from bot.chat.conversations import LineView, lines_after
from bot.clock import now
from bot.texts import say
from bot.texts.dates import long_date
from connectors.problems import Problem
from connectors.webchat.callers import Caller, reading

EVERYTHING = 100_000


async def transcript(request: Request) -> HTTPResponse:
    """GET /api/chat/transcript"""
    kind = request.args.get("format", "html")
    if kind not in ("html", "txt"):
        raise Problem(400, "errors.bad_request")
    language, lines = await reading(request, _all_lines)
    name = f"passage-{say(language, 'page.transcript.file')}-{now():%Y-%m-%d}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    saved = say(language, "page.transcript.saved", date=long_date(language, now().date()))
    if kind == "txt":
        return text(_as_text(language, lines, saved), headers=headers)
    page = request.app.ctx.front.pages.render("transcript.html", language, lines=lines, saved=saved)
    return html(page, headers=headers)


def _all_lines(session: Any, caller: Caller) -> tuple[str, list[LineView]]:
    return caller.language, lines_after(session, caller.conversation_id, 0, EVERYTHING)


def _as_text(language: str, lines: list[LineView], saved: str) -> str:
    parts = [say(language, "page.transcript.title"), saved, ""]
    for line in lines:
        author = say(language, f"page.author.{line.author}")
        if "name" in line.body:
            author = f"{line.body['name']}, {author}"
        parts += [f"{line.at:%Y-%m-%d %H:%M} {author}", line.body["text"]]
        parts += [f"{link['label']}: {link['url']}" for link in line.body.get("links", [])]
        parts.append("")
    return "\n".join(parts)
