"""The API's description, and the schemas of its request bodies taken from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.yaml_files import read_yaml


def load_description() -> dict[str, Any]:
    path = Path(__file__).with_name("openapi.yml")
    description: dict[str, Any] = read_yaml(path)
    return description


def body_schemas(description: dict[str, Any]) -> dict[str, Any]:
    """{name: schema} of every JSON body that some request has."""
    components = description["components"]
    bodies = [act.get("requestBody", {}) for path in description["paths"].values()
              for act in path.values()]  # fmt: skip
    bodies += components["requestBodies"].values()
    contents = [body.get("content", {}).get("application/json") for body in bodies]
    names = {content["schema"]["$ref"].rpartition("/")[2] for content in contents if content}
    return {name: components["schemas"][name] for name in names}


async def description(request: Request) -> HTTPResponse:
    return json(request.app.ctx.description)
