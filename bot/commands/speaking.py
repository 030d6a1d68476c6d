"""How every command speaks to the operator, and ends.

Exit status: 0 done, 1 done but something needs a look, 2 it could not run. Imports little: `serve`
needs it before it starts the front.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import typer
from rich.console import Console

from bot.settings import Settings, SettingsError, load_settings, operator_language
from bot.texts import say

NEEDS_A_LOOK = 1
COULD_NOT_RUN = 2

console = Console(stderr=True, soft_wrap=True, highlight=False)


def tell(key: str, **values: Any) -> None:
    """Say a sentence in the operator's language."""
    console.print(say(operator_language(), key, **values), markup=False)


def stopped(key: str, **values: Any) -> typer.Exit:
    """Say why the command cannot go on; raise what comes back."""
    console.print(say(operator_language(), key, **values), style="red", markup=False)
    return typer.Exit(COULD_NOT_RUN)


def settings_or_exit(*checks: Callable[[Settings], None]) -> Settings:
    """The settings, or the end of the command with the sentence that says what to set."""
    try:
        settings = load_settings()
        for check in checks:
            check(settings)
    except SettingsError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(COULD_NOT_RUN) from error
    return settings
