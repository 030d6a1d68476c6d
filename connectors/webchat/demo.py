"""The demonstration: what the service sent, and people to try it as. Only with PASSAGE_DEMO=1."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from sanic.request import Request
from sanic.response import HTTPResponse, json
from sqlalchemy import select

from bot.agents.demo import shown_agents
from bot.cases.generating import demo_people
from bot.identity.details import FIELDS, REPRESENTATIVE_FIELDS
from bot.store import Database, DemoMail
from connectors.demo import phone
from connectors.languages import other

NEWEST = 200


async def demo(request: Request) -> HTTPResponse:
    """GET /demo"""
    language, number = phone.language_of(request), phone.number_of(request)
    mails = await _shown(request)
    response: HTTPResponse = request.app.ctx.front.pages.page(
        "demo.html",
        language,
        other_path=f"/demo?{urlencode({'lang': other(language), 'phone': number})}",
        phone=phone.shown(request, language),
        phones={each: phone.pretty(each) for each in phone.PHONES},
        fates=phone.PLANNED,
        mails=mails[::-1],
        people=[_person(person, language) for person in demo_people()],
        agents=shown_agents(),
        desk=request.app.ctx.front.settings.desk_url,
    )
    return response


async def outbox(request: Request) -> HTTPResponse:
    """GET /demo/outbox.json: oldest first."""
    return json(await _shown(request))


async def _shown(request: Request) -> list[dict[str, Any]]:
    database = request.app.ctx.front.database
    return await database.threads.read(_mails, database)


def _mails(database: Database) -> list[dict[str, Any]]:
    with database.read() as session:
        rows = session.execute(select(DemoMail).order_by(DemoMail.id.desc()).limit(NEWEST))
        return [_mail(row) for row in rows.scalars()][::-1]


def _mail(row: DemoMail) -> dict[str, Any]:
    return {
        "channel": row.channel,
        "to": row.recipient,
        "subject": row.subject,
        "text": row.text,
        "at": row.at.isoformat(timespec="seconds"),
    }


def _person(person: dict[str, Any], language: str) -> dict[str, Any]:
    """A person as the page shows them, with what they enter into the form, in the form's order:
    of the applicant and, for a representative, of themselves."""
    values = {**person, "number": person["application_number"]}
    return {
        "name": person["name"],
        "language": person["language"],
        "email": person["email"],
        "description": person["description"][language],
        "parts": [_filled(FIELDS, values), _filled(REPRESENTATIVE_FIELDS, values)],
    }


def _filled(names: tuple[str, ...], values: dict[str, Any]) -> dict[str, Any]:
    return {name: values[name] for name in names if values.get(name)}
