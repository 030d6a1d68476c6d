"""The database, ready for a command; what goes wrong meanwhile becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.audit import AuditBroken
from bot.commands.speaking import settings_or_exit, stopped
from bot.opening import open_database
from bot.store import Database
from bot.store.keys import CannotOpen


@contextmanager
def ready_database() -> Iterator[Database]:
    """The migrated database; what stops the command meanwhile becomes a sentence."""
    database = open_database(settings_or_exit())
    try:
        database.migrate()
        yield database
    except AuditBroken as error:
        raise stopped("commands.audit_broken") from error
    except CannotOpen as error:
        raise stopped("commands.cannot_open") from error
    except SQLAlchemyError as error:
        raise stopped("commands.database", detail=_without_values(error)) from error
    except KeyboardInterrupt as error:
        raise stopped("commands.interrupted") from error
    finally:
        database.close()


def _without_values(error: SQLAlchemyError) -> str:
    """What the driver says of its connection; other messages may carry personal details."""
    return str(error.orig) if isinstance(error, OperationalError) else type(error).__name__
