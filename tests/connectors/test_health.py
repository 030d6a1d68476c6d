"""Up and ready are different things; the description of the API is true."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import openapi_spec_validator
import pytest
from sqlalchemy import text

from bot.clock import now
from bot.store import Database, Heartbeat
from tests.connectors.serving import Front


def beat(database: Database, age: float, name: str = "engine") -> None:
    with database.write() as session:
        session.merge(Heartbeat(name=name, at=now() - timedelta(seconds=age), process=1))


def test_up_does_not_need_an_engine(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "up"}


def test_ready_needs_an_engine_that_was_well_lately(
    client: httpx.Client, database: Database
) -> None:
    assert client.get("/readyz").status_code == 503
    beat(database, 1, "sender")
    assert client.get("/readyz").status_code == 503
    beat(database, 21)
    answer = client.get("/readyz", headers={"Accept-Language": "fr"})
    assert answer.status_code == 503
    assert answer.json() == {"error": "L’assistant démarre.", "code": "not_ready"}
    beat(database, 1)
    assert client.get("/readyz").json() == {"status": "ready"}


def test_ready_needs_the_database(client: httpx.Client, database: Database) -> None:
    beat(database, 1)
    with database.write() as session:
        session.execute(text("ALTER TABLE heartbeat RENAME TO away"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200


def test_the_description_is_valid_openapi(client: httpx.Client) -> None:
    description = client.get("/openapi.json").json()
    assert description["openapi"].startswith("3.0")
    openapi_spec_validator.validate_spec(description)


PAGES = ("/", "/en", "/fr", "/demo", "/embed.js")


def test_the_description_names_exactly_the_routes_there_are(front: Front) -> None:
    described = {
        (path, method.upper())
        for path, item in front.app.ctx.description["paths"].items()
        for method in item
    }
    routes = {
        (re.sub(r"<(\w+):str>", r"{\1}", f"/{route.path}"), method)
        for route in front.app.router.routes
        for method in route.methods
        if not f"/{route.path}".startswith(("/en/", "/fr/", "/static/"))
    }
    assert described == {route for route in routes if route[0] not in PAGES}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_unknown_api_address_is_told_as_json(client: httpx.Client, language: str) -> None:
    answer = client.get("/api/chat/nothing", headers={"Accept-Language": language})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_a_wrong_method_is_told_as_json(client: httpx.Client) -> None:
    answer = client.get("/api/chat/messages")
    assert (answer.status_code, answer.json()["code"]) == (405, "method")
