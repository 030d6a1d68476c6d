"""The API's description, and the schemas of its request bodies taken from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.yaml_files import read_yaml

_BODIES = ("Language", "Nothing", "Message", "Details", "Code", "SessionEnd")


def load_description() -> dict[str, Any]:
    path = Path(__file__).with_name("openapi.yml")
    description: dict[str, Any] = read_yaml(path)
    return description


def body_schemas(description: dict[str, Any]) -> dict[str, Any]:
    schemas = description["components"]["schemas"]
    return {name: schemas[name] for name in _BODIES}


async def description(request: Request) -> HTTPResponse:
    return json(request.app.ctx.description)
