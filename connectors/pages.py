"""Pages from templates, always escaped, in one language."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
from sanic.request import Request
from sanic.response import HTTPResponse, html

from bot.settings import Settings
from bot.texts import say
from bot.texts.dates import long_date
from connectors.languages import language_of, other
from connectors.problems import Problem
from connectors.webchat.blocks import blocks

TEMPLATES = Path(__file__).parent / "webchat" / "templates"


class Pages:
    """Renders a template with what all of them need; those of `own` count before the usual ones."""

    def __init__(self, settings: Settings, version: str, own: Path | None = None) -> None:
        folders = [own, TEMPLATES] if own else [TEMPLATES]
        self._jinja = jinja2.Environment(
            loader=jinja2.FileSystemLoader(folders),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.globals.update(
            brand=settings.brand, demo=settings.demo, static=version, blocks=blocks
        )

    def render(self, template: str, language: str, **values: Any) -> str:
        def text(key: str, **fields: Any) -> str:
            return say(language, key, **fields)

        def when(moment: datetime) -> str:
            date = long_date(language, moment.date())
            return say(language, "page.plain.when", date=date, time=f"{moment:%H:%M}")

        page = self._jinja.get_template(template)
        second = other(language)
        known = {"lang": language, "other": second, "say": text, "raw_say": say, "when": when}
        return page.render(**{**known, "other_path": f"/{second}", **values})

    def page(self, template: str, language: str, status: int = 200, **values: Any) -> HTTPResponse:
        return html(self.render(template, language, **values), status)

    def problem(self, request: Request, problem: Problem) -> HTTPResponse:
        """The page for a request that cannot be served."""
        language = language_of(request)
        sentence = problem.sentence(language)
        body = self.render("problem.html", language, sentence=sentence, status=problem.status_code)
        return html(body, problem.status_code, headers=problem.extra_headers)
