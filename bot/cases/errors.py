"""Why an import could not run at all, with a sentence that says what to do."""

from __future__ import annotations

from typing import Any

from bot.texts import say


class CannotImport(Exception):
    """`text(language)` is the sentence for the operator."""

    def __init__(self, key: str, **values: Any) -> None:
        self._key, self._values = f"cases_cli.{key}", values
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        return say(language, self._key, **self._values)


class ImportBusy(CannotImport):
    """Another importer is at work on the same database."""

    def __init__(self) -> None:
        super().__init__("busy")
