"""Unique values in every personal field, typed, texted and imported: nowhere to be read afterwards.

A whole service with PASSAGE_LOG_LEVEL=DEBUG gets a file whose every personal field holds a canary,
then a life in each language (canary_life.py): what is typed and texted, forms, photos, an agent who
opens the file. Then everything that a process left behind is searched: logs, every file of the
state folder, of a PostgreSQL server also its data, every column of every table, and what the health
and metrics pages say. What the engine was given is searched with its seals opened as well: there
the details that were typed are gone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import or_, select

from bot.opening import open_database
from bot.settings import Settings
from bot.store import Inbox, Line, Misheard, TrackerEvent
from bot.texts import LANGUAGES
from tests.campaigns.canary_life import Life, load
from tests.campaigns.canary_values import canaries
from tests.campaigns.outcome import Outcome
from tests.support.processes import Service
from tests.support.searching import raw_tables

PARTS = ("front", "engine", "sender", "desk")
METRICS_TOKEN = "canaries-read-the-metrics-too-0123456789"
PAGES = ("/healthz", "/readyz", "/metrics")


def nothing_is_left_in_clear(
    service: Service,
    logs: Path,
    seed: int,
    data: Path | None = None,
    languages: tuple[str, ...] = LANGUAGES,
) -> Outcome:
    """Live through it, stop the service, search; `data` is the folder of a database server."""
    outcome = Outcome(f"canaries ({service.settings.database_url.split(':')[0]})", seed)
    load(service)
    service.start(*PARTS)
    service.wait_ready()
    lines = 0
    for language in languages:
        life = Life(service, language)
        life.live()
        lines += life.lines
    pages = _pages(service)
    service.stop()
    sinks = {**pages, **_files(logs), **_files(service.settings.home)}
    sinks |= _tables(service.settings) | (_files(data) if data else {})
    opened = _opened(service.settings)
    for canary in canaries():
        outcome.failures += [f"{canary.name} in {place}" for place in canary.places(sinks)]
        if canary.hidden:
            outcome.failures += [f"{canary.name} in {place}" for place in canary.places(opened)]
    outcome.figures = {
        "lines said": lines,
        "canaries": len(canaries()),
        "places searched": len(sinks) + len(opened),
        "bytes": sum(map(len, [*sinks.values(), *opened.values()])),
    }
    return outcome


def _pages(service: Service) -> dict[str, bytes]:
    """What front and desk say of themselves to whoever watches them."""
    token = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    urls = [f"{url}{page}" for url in (service.url, service.settings.desk_url) for page in PAGES]
    return {url: httpx.get(url, headers=token).content.lower() for url in urls}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes().lower() for p in folder.rglob("*") if p.is_file()}


def _tables(settings: Settings) -> dict[str, bytes]:
    """Every table as its raw columns say it."""
    database = open_database(settings)
    try:
        return raw_tables(database)
    finally:
        database.close()


def _opened(settings: Settings) -> dict[str, bytes]:
    """What was typed and texted, and what the engine remembers of it, with the seals opened. A
    form's line repeats what was filled in: the address, for the person to see."""
    typed = or_(Line.client_id.in_(select(Inbox.client_id)), Line.client_id.startswith("SM"))
    of_person = select(Line.body).where(Line.author == "user", typed)
    said: dict[str, Any] = {
        "opened inbox.text": select(Inbox.text),
        "opened line.body": of_person,
        "opened tracker_event.data": select(TrackerEvent.data),
        "opened misheard.text": select(Misheard.text),
    }
    database = open_database(settings)
    with database.read() as session:
        found = {
            name: json.dumps(list(session.scalars(query)), ensure_ascii=False).lower().encode()
            for name, query in said.items()
        }
    database.close()
    return found
