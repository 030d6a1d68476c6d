"""Logs: one JSON object a line on standard error, events named `noun.verb`, no personal details.

Three doors lead here: our own events (structlog), what libraries say (logging, warnings), and what
nobody caught. All go through one list of keys. Neither texts nor values get out, whoever says them:
Rasa's own set-up would show local variables (rasa/utils/log_utils.py), and the message of an
exception may quote what a person wrote.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import threading
import warnings
from types import FrameType, TracebackType
from typing import Any

import structlog

# Every key that may be logged and what its value is; a new one is added here first. The kinds
# matter: a library may use the same word for something else (Rasa calls a text `message`).
ALLOWED: dict[str, type] = {
    "event": str,  # noun.verb
    "level": str,
    "timestamp": str,
    "process": str,  # front, engine or sender
    "message": int,  # id of a row of the inbox or of the outgoing mail
    "tries": int,
    "route": str,  # name of a handler of the front
    "kind": str,  # name of a class
    "exception": str,  # name of a class
    "where": str,  # file:line > file:line
    "logger": str,  # of a library
    "provider_part": str,  # what of the agents' provider cannot be used: one of our words
    "http_status": int,  # with which it answered
    "template": str,  # of a library's message, before its values were put in
}
MAX_LENGTH = 200
QUIET = (
    "rasa",
    "rasa_sdk",
    "alembic",
    "apscheduler",
    "matplotlib",
    "asyncio",
    "sanic.access",
    "twilio.http_client",  # five lines for each text
)
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")

log = structlog.get_logger()


def configure_logs(process: str) -> None:
    """Set up logging for one of our processes (front, engine, sender)."""
    level = logging.getLevelName(os.environ.get("PASSAGE_LOG_LEVEL", "INFO").upper())
    level = level if isinstance(level, int) and level >= logging.INFO else logging.INFO

    def add_process(_: Any, __: str, event: Any) -> Any:
        return {**event, "process": process}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            add_process,
            _only_places,
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # In place of all handlers: several libraries bring their own, some long after this.
    logging.Logger.callHandlers = _recorded  # type: ignore[assignment,method-assign]
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    sys.unraisablehook = _unraisable
    threading.excepthook = _uncaught_in_thread


def _recorded(_: logging.Logger, record: logging.LogRecord) -> None:
    """What a library logs, asyncio's lost exceptions among it: who said it and where."""
    log.log(
        min(max(record.levelno // 10 * 10, logging.DEBUG), logging.CRITICAL),
        "library.said",
        logger=record.name,
        template=_template(record),
        where=_place(record.pathname, record.lineno),
        exc_info=record.exc_info,
    )


def _template(record: logging.LogRecord) -> str | None:
    """The message before its values are put in, if it stands in the source as it is: one that was
    put together before logging may hold anything."""
    frame: FrameType | None = sys._getframe()
    while frame and (frame.f_code.co_filename, frame.f_lineno) != (record.pathname, record.lineno):
        frame = frame.f_back
    in_source = frame is not None and record.msg in frame.f_code.co_consts
    return record.msg if record.args and in_source else None


def _warned(
    message: Any, category: type, filename: str, lineno: int, file: Any = None, line: Any = None
) -> None:
    log.warning("python.warned", kind=category.__name__, where=_place(filename, lineno))


def _uncaught(_: Any, error: BaseException, __: Any) -> None:
    log.critical("error.uncaught", exc_info=error)


def _unraisable(lost: Any) -> None:
    log.error("error.unraisable", exc_info=lost.exc_value)


def _uncaught_in_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_type is not SystemExit:  # a thread's way to end, to Python as well
        log.error("error.uncaught", exc_info=ended.exc_value)


def _only_places(_: Any, __: str, event: Any) -> Any:
    """An exception as its kind and where it broke, as file:line; its message may hold values."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = type(error).__name__
        event["where"] = " > ".join(_places(error.__traceback__)[-6:])
    return event


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        places.append(_place(trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return places


def _place(path: str, line: int) -> str:
    return f"{os.path.basename(path)}:{line}"  # noqa: PTH119


def _only_allowed(_: Any, __: str, event: Any) -> Any:
    """Keep what is on the list, and name what is not."""
    kept = {name: _cut(value) for name, value in event.items() if _is_allowed(name, value)}
    dropped = sorted(name[:MAX_LENGTH] for name in event if name not in kept)
    return {**kept, "dropped": dropped} if dropped else kept


def _is_allowed(name: str, value: Any) -> bool:
    if name == "event":  # a sentence is no name, and may have values in it already
        return isinstance(value, str) and _EVENT.fullmatch(value) is not None
    return name in ALLOWED and (value is None or isinstance(value, ALLOWED[name]))


def _cut(value: Any) -> Any:
    return value[:MAX_LENGTH] if isinstance(value, str) else value
