"""JSON bodies: read strictly, then held against the schema that /openapi.json shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import fastjsonschema
from sanic.request import Request

from connectors.problems import Problem

Check = Callable[[Any], Any]


class Bodies:
    """One compiled check for each named schema of the API's description."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self._checks: dict[str, Check] = {
            name: fastjsonschema.compile(schema) for name, schema in schemas.items()
        }

    def read(self, request: Request, schema: str) -> dict[str, Any]:
        """The body of `request`, which must be of `schema`.

        Raises:
            Problem: 415 when it is not JSON, 400 when it is not of the schema.
        """
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Problem(415, "page.error.media_type")
        try:
            body: dict[str, Any] = self._checks[schema](_parse(request.body))
        except (ValueError, RecursionError, fastjsonschema.JsonSchemaException) as error:
            raise Problem(400, "errors.bad_request") from error
        return body


def _parse(raw: bytes) -> Any:
    body = json.loads(raw.decode("utf-8"))
    if isinstance(body, dict) and any(not is_text(v) for v in body.values() if isinstance(v, str)):
        raise ValueError("a text with a NUL or half a surrogate pair")
    return body


def is_text(value: str) -> bool:
    """False for what no database takes: NUL, and halves of surrogate pairs."""
    return "\0" not in value and not any("\ud800" <= char <= "\udfff" for char in value)
