"""One process of the service: python -m bot.part front | engine | sender | desk (by `serve`).

Kept apart from the command line, so that a part starts without its libraries.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from bot.settings import Settings, SettingsError, load_settings


def front(settings: Settings) -> None:
    from connectors.front import run_front

    run_front(settings)


def engine(settings: Settings) -> None:
    from bot.engine.process import run_engine

    run_engine(settings)


def sender(settings: Settings) -> None:
    from bot.messages.sender import run_sender
    from bot.upkeep import upkeep

    run_sender(settings, upkeep)


def desk(settings: Settings) -> None:
    from connectors.desk.app import run_desk

    run_desk(settings)


PARTS: dict[str, Callable[[Settings], None]] = {
    "front": front,
    "engine": engine,
    "sender": sender,
    "desk": desk,
}


def main() -> None:
    try:
        PARTS[sys.argv[1]](load_settings())
    except SettingsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
